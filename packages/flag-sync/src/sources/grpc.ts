import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { backOffMs, type Dialer, type Logger, messageOf, sleep, type TlsOptions } from "@burgee/service-kit";
import { createClient } from "@connectrpc/connect";
import { createAccumulator } from "../accumulate.ts";
import type { FlagPayload, FlagSource, OnSourceState } from "../source.ts";

/** Where to connect, and the name to ask for. */
export interface GrpcTarget {
  readonly authority: string;
  readonly at?: { readonly host: string; readonly port: number } | { readonly path: string };
}

/** Reads the target forms of grpc-go that flagd's users write. */
export function parseGrpcTarget(uri: string): GrpcTarget | { readonly problem: string } {
  const unix = /^(?:unix|uds):(?:\/\/)?(.+)$/.exec(uri)?.[1];
  if (unix !== undefined) return { authority: "localhost", at: { path: unix } };
  const envoy = /^envoy:\/\/([^/:]+):(\d+)\/([^/]+)$/.exec(uri);
  if (envoy !== null) return { authority: envoy[3] ?? "", at: { host: envoy[1] ?? "", port: Number(envoy[2]) } };
  const plain = uri.replace(/^grpcs?:\/\//, "").replace(/^dns:(?:\/\/[^/]*\/)?/, "");
  if (/^(?:\[[0-9a-fA-F:.]+\]|[^/:\s]+):\d+$/.test(plain)) return { authority: plain };
  return { problem: "expected host:port, dns:///host:port, unix:path or envoy://host:port/authority" };
}

/** A server of `flagd.sync.v1`. */
export interface GrpcSourceOptions {
  /** `host:port`, `dns:///host:port`, `unix:path` or `envoy://host:port/authority`. */
  readonly uri: string;
  /** Absent: cleartext. */
  readonly tls?: TlsOptions | undefined;
  /** Who we say that we are. */
  readonly providerId?: string | undefined;
  /** Which flags we ask for, in the words of the server. */
  readonly selector?: string | undefined;
  /** Sent as metadata. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Largest message accepted; 0 or absent: 64 MiB. */
  readonly maxMessageBytes?: number | undefined;
  /** A message replaces only the flag sets that are in it. */
  readonly incrementalUpdates?: boolean | undefined;
  readonly dialer: Dialer;
  readonly log: Logger;
}

// A server that vanished without a word is noticed by this. Servers of grpc-go refuse clients that ping more often than every 5 minutes.
const pingIntervalMs = 330_000;

/** A server of `flagd.sync.v1`, such as flagd-proxy. Its stream is opened again whenever it ends. Throws RangeError for a bad target. */
export function createGrpcSource({ uri, tls, dialer, ...o }: GrpcSourceOptions): FlagSource {
  const target = parseGrpcTarget(uri);
  if ("problem" in target) throw new RangeError(target.problem);
  const transport = dialer.grpcTransport(`${tls === undefined ? "http" : "https"}://${target.authority}`, {
    ...(tls === undefined ? {} : { tls }),
    pingIntervalMs,
    ...(o.maxMessageBytes === undefined || o.maxMessageBytes === 0 ? {} : { maxBytes: o.maxMessageBytes }),
    ...(target.at === undefined ? {} : { at: target.at }),
  });
  const client = createClient(FlagSyncService, transport);
  const request = { selector: o.selector ?? "", providerId: o.providerId ?? "" };
  const log = o.log.child({ source: uri, ...(request.selector === "" ? {} : { selector: request.selector }) });
  return {
    name: uri,
    async start(signal, sink, onState) {
      const follow: Follow = async (onDocument) => {
        const options = { signal, ...(o.headers === undefined ? {} : { headers: o.headers }) };
        for await (const { flagConfiguration } of client.syncFlags(request, options)) onDocument(flagConfiguration);
      };
      const read = o.incrementalUpdates === true ? createAccumulator(uri).add : parseMessage;
      keepFollowing({ uri, selector: o.selector, follow, read, signal, sink, onState }).catch((err: unknown) => {
        log.error({ err }, "flag stream is not followed any more");
        onState("down", messageOf(err));
      });
    },
  };
}

/** Follows one stream to its end. */
type Follow = (onDocument: (raw: string) => void) => Promise<void>;

interface Following {
  readonly uri: string;
  readonly selector: string | undefined;
  readonly follow: Follow;
  /** What a message says. Throws when it cannot be read. */
  readonly read: (raw: string) => Pick<FlagPayload, "config" | "raw">;
  readonly signal: AbortSignal;
  readonly sink: (payload: FlagPayload) => void;
  readonly onState: OnSourceState;
}

// Upstream waits 4, 16, 64 s: a restart of the server, or a FeatureFlag created after its readers, would be noticed far too late.
const delays = { firstDelayMs: 250, maxDelayMs: 5_000 };

async function keepFollowing({ uri, selector, follow, read, signal, sink, onState }: Following): Promise<void> {
  let failures = 0;
  const onDocument = (message: string): void => {
    failures = 0;
    const said = attempt(() => read(message));
    if ("problem" in said) {
      onState("down", `${uri} sent flags that cannot be read: ${said.problem}; serving the last good version`);
      return;
    }
    sink({ source: uri, ...(selector === undefined ? {} : { selector }), ...said });
    onState("up");
  };
  while (!signal.aborted) {
    try {
      await follow(onDocument);
      // Servers end streams to spread load or when they stop: no news unless the next attempt fails.
      failures = Math.max(failures, 1);
    } catch (error) {
      if (signal.aborted) break;
      failures += 1;
      onState("down", `${uri} cannot be followed: ${messageOf(error)}; serving the last good version`);
    }
    await sleep(backOffMs(failures, delays), signal).catch(() => undefined);
  }
}

function parseMessage(raw: string): Pick<FlagPayload, "config" | "raw"> {
  return { config: JSON.parse(raw), raw };
}

function attempt<T extends object>(act: () => T): T | { readonly problem: string } {
  try {
    return act();
  } catch (error) {
    return { problem: messageOf(error) };
  }
}
