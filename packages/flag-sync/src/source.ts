import type { KubeClient } from "@burgee/kube";
import type { Dialer, Logger } from "@burgee/service-kit";

/** Where flags come from, as the user wrote it. */
export interface SourceConfig {
  /** The name of the source: in selectors, logs and payloads. Never normalised. */
  readonly uri: string;
  /** A provider of the registry in sources/index.ts, or a word that upstream also takes for one. */
  readonly provider: string;
  readonly tls?: boolean;
  readonly certPath?: string;
  readonly providerID?: string;
  /** Sent with requests to another flagd or a flagd-proxy. */
  readonly selector?: string;
  /** Bytes. */
  readonly maxMsgSize?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

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

/** Keeps delivering one flag document. One file in sources/ for each provider. */
export interface FlagSource {
  /** The uri. */
  readonly name: string;
  /**
   * Begins to deliver: every new version of the document goes to `sink`; the same one twice does no harm. Works until the signal
   * is aborted: a remote that is away is tried again with a growing delay, and `onState` tells. Rejects with {@link FlagSyncError}
   * only for what waiting cannot repair, such as a file that does not exist.
   */
  start(
    signal: AbortSignal,
    sink: (payload: FlagPayload) => void,
    onState: (state: SourceState, reason?: string) => void,
  ): Promise<void>;
}

/** What sources may use. */
export interface SourceDeps {
  readonly log: Logger;
  readonly dialer: Dialer;
  /** How the Kubernetes API is reached; called only for a source that needs it. */
  readonly kube: () => Promise<KubeClient>;
}
