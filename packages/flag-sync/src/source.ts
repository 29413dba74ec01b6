import type { KubeClient } from "@burgee/kube";
import type { Clock, Dialer, Logger } from "@burgee/service-kit";

/** Where flags come from, as the user wrote it. */
export interface SourceConfig {
  /** The name of the source: in selectors and payloads. Never normalised. May hold credentials: logs show it through `redactUrl`. */
  readonly uri: string;
  /** A provider of the registry in sources/index.ts, or a word that upstream also takes for one. */
  readonly provider: string;
  readonly tls?: boolean;
  /** PEM file of the only authorities that are trusted. */
  readonly certPath?: string;
  readonly providerID?: string;
  /** Sent with requests to another flagd or a flagd-proxy. */
  readonly selector?: string;
  /** Bytes of the largest document that is accepted; 0 or absent: 64 MiB. */
  readonly maxMsgSize?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole value of the header Authorization. */
  readonly authHeader?: string;
  /** Seconds between two looks; 0 or absent: 5. */
  readonly interval?: number;
  /** Shifts the looks, so that many readers do not come at once: the same text gives the same shift. */
  readonly intervalSeed?: string;
  /** Seconds for one request; 0 or absent: 30. */
  readonly timeoutS?: number;
  /** A message replaces only the flag sets that are in it. */
  readonly incrementalUpdates?: boolean;
  readonly oauth?: OAuthConfig;
}

/** OAuth client credentials. */
export interface OAuthConfig {
  readonly clientID?: string;
  readonly clientSecret?: string;
  readonly tokenUrl?: string;
  /** Has the files `client-id` and `client-secret`, which are then used instead of the fields. */
  readonly folder?: string;
  /** Seconds until the files are read again. */
  readonly reloadDelayS?: number;
}

/** What a document may have at most unless its source says otherwise. */
export const defaultMaxBytes = 64 * 1024 * 1024;

/** One complete flag document. */
export interface FlagPayload {
  /** The uri of the source that it came from. */
  readonly source: string;
  /** What the source was asked for, where it takes a selector. */
  readonly selector?: string;
  /** The parsed document; nobody has looked at its content yet. */
  readonly config: unknown;
  /** The document as JSON text. */
  readonly raw: string;
}

/** `up` while the source can be read; else the reason says what was tried and what happened. */
export type SourceState = "up" | "down";

export type OnSourceState = (state: SourceState, reason?: string) => void;

/** Keeps delivering one flag document. One file in sources/ for each provider. */
export interface FlagSource {
  /** The uri. */
  readonly name: string;
  /**
   * Begins to deliver: every new version of the document goes to `sink`; the same one twice does no harm. Works until the signal
   * is aborted: a remote that is away is tried again with a growing delay, and `onState` tells. Rejects with {@link FlagSyncError}
   * only for what waiting cannot repair, such as a file that does not exist.
   */
  start(signal: AbortSignal, sink: (payload: FlagPayload) => void, onState: OnSourceState): Promise<void>;
}

/** What sources may use. */
export interface SourceDeps {
  readonly log: Logger;
  readonly dialer: Dialer;
  /** How the Kubernetes API is reached; called only for a source that needs it. */
  readonly kube: () => Promise<KubeClient>;
  readonly clock?: Clock;
  /** Where the SDKs of blob stores look for accounts and credentials. Default: nothing. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Proxy for the one SDK that cannot use the dialer's sockets. */
  readonly outgoingProxy?: string | undefined;
}
