import { redactUrl } from "@burgee/service-kit";
import { readAuthorities } from "../certificate.ts";
import { FlagSyncError } from "../flag-sync-error.ts";
import type { FlagSource, SourceConfig, SourceDeps } from "../source.ts";

type SourceMaker = (config: SourceConfig, deps: SourceDeps) => Promise<FlagSource>;

/** Every provider, by the word users write. A file is loaded only when a source needs it. */
export const sources = {
  file: async ({ uri, maxMsgSize }, { log }) =>
    (await import("./file.ts")).createFileSource({ uri, log, maxBytes: maxMsgSize }),

  kubernetes: async ({ uri }, { log, kube }) =>
    (await import("./kubernetes.ts")).createKubernetesSource({ uri, log, client: await kube() }),

  http: async (config, { log, dialer, clock }) =>
    (await import("./http.ts")).createHttpSource({ config, log, dialer, clock, tls: await readAuthorities(config) }),

  s3: async (config, deps) => (await import("./s3.ts")).createS3Source({ config, ...deps }),

  gcs: async (config, deps) => (await import("./gcs.ts")).createGcsSource({ config, ...deps }),

  azblob: async (config, deps) => (await import("./azblob.ts")).createAzblobSource({ config, ...deps }),

  grpc: async (config, { log, dialer }) =>
    (await import("./grpc.ts")).createGrpcSource({
      uri: config.uri,
      log,
      dialer,
      tls: await tlsOf(config),
      providerId: config.providerID,
      selector: config.selector,
      headers: config.headers,
      maxMessageBytes: config.maxMsgSize,
      incrementalUpdates: config.incrementalUpdates,
    }),
} satisfies Record<string, SourceMaker>;

export type SourceProvider = keyof typeof sources;

/** Words that upstream has for ways to watch a file; ours watches in all of them. */
const aliases: Readonly<Record<string, SourceProvider>> = { fsnotify: "file", fileinfo: "file" };

/** Makes the source for a configuration. Rejects with `unknown_provider`, naming the known ones, or with `invalid_source`. */
export async function createSource(config: SourceConfig, deps: SourceDeps): Promise<FlagSource> {
  const provider = Object.hasOwn(aliases, config.provider) ? aliases[config.provider] : config.provider;
  if (provider === undefined || !isProvider(provider)) {
    throw new FlagSyncError(
      "unknown_provider",
      `source ${redactUrl(config.uri)}: provider is "${config.provider}", expected one of: ${knownProviders().join(", ")}`,
    );
  }
  const make: SourceMaker = sources[provider];
  try {
    return await make(config, deps);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FlagSyncError("invalid_source", `source ${redactUrl(config.uri)}: ${error.message}`, { cause: error });
  }
}

/** The words that `provider` may be. */
export function knownProviders(): string[] {
  return [...Object.keys(sources), ...Object.keys(aliases)].sort();
}

function isProvider(provider: string): provider is SourceProvider {
  return Object.hasOwn(sources, provider);
}

/** Upstream refuses a certificate for a connection that would not use it. */
async function tlsOf(config: SourceConfig): Promise<{ ca?: Uint8Array } | undefined> {
  if (config.tls === true) return readAuthorities(config);
  if (config.certPath === undefined || config.certPath === "") return undefined;
  throw new RangeError("certPath is set but tls is false, expected tls to be true");
}
