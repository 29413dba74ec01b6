import type { Dialer, Secret } from "@burgee/service-kit";

/** The provider section of a MetricTemplate. */
export interface ProviderSettings {
  readonly type: string;
  readonly address?: string | undefined;
  readonly region?: string | undefined;
  readonly headers?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  readonly secretRef?: { readonly name: string } | undefined;
}

/** Keys and values of the Secret that a template refers to. */
export type Credentials = ReadonlyMap<string, Secret>;

/** A setting that is wrong; `path` is below `spec.provider`. */
export interface SettingProblem {
  readonly path: string;
  readonly value: unknown;
  readonly expected: string;
}

/** One question to a provider. */
export interface ProviderQuery {
  readonly settings: ProviderSettings;
  /** Undefined when the settings name no secret. */
  readonly credentials: Credentials | undefined;
  readonly text: string;
  /** The instant that the value is asked for, epoch milliseconds. */
  readonly at: number;
  readonly intervalMs: number;
  readonly signal: AbortSignal;
}

/**
 * What came of a query. A value is never NaN. `unreachable` may be different a moment later; `invalid` stays until a person
 * mends address, credentials or query. Messages carry no credentials.
 */
export type QueryAnswer =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "no_data" | "unreachable" | "invalid"; readonly message: string };

/** A kind of metric server. Nothing is kept between queries. */
export interface MetricProvider {
  /** What is wrong with the settings, whatever the credentials. */
  problems(settings: ProviderSettings): readonly SettingProblem[];
  /** What the credentials lack; undefined when they will do. */
  credentialProblem(credentials: Credentials): string | undefined;
  /** Asks for one value. Settings and credentials have no problems. Rejects only for bugs. */
  query(query: ProviderQuery, dialer: Dialer): Promise<QueryAnswer>;
}
