import {
  createFeed,
  createFlagStore,
  createSource,
  type FlagStore,
  parseSourceList,
  parseSourceUri,
  type SourceConfig,
} from "@burgee/flag-sync";
import { ConfigError, type Kit, messageOf, type Part, type ReadinessCheck } from "@burgee/service-kit";
import type { FlagdConfig } from "./config.ts";

/** The sources in order: those of `--uri`, then those of `--sources`. Throws ConfigError with every problem. */
export function readSources(config: Pick<FlagdConfig, "uri" | "sources">): SourceConfig[] {
  const problems: string[] = [];
  const attempt = (read: () => SourceConfig[]): SourceConfig[] => {
    try {
      return read();
    } catch (error) {
      problems.push(messageOf(error));
      return [];
    }
  };
  // Upstream splits FLAGD_URI at blanks, the flag at commas.
  const uris = config.uri.flatMap((uri) => uri.split(/\s+/)).filter((uri) => uri !== "");
  const fromUris = uris.flatMap((uri) => attempt(() => [parseSourceUri(uri)]));
  const fromList = config.sources === "" ? [] : attempt(() => parseSourceList(config.sources));
  if (problems.length === 0 && fromUris.length + fromList.length === 0) {
    problems.push("no sync implementation set: expected --uri, such as --uri file:flags.json, or --sources");
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return [...fromUris, ...fromList];
}

/** The store and the part that fills it. */
export interface FlagFeed {
  readonly store: FlagStore;
  readonly part: Part;
  /** Resolves when every source has delivered flags that were accepted. */
  readonly filled: Promise<void>;
}

export async function createFlagFeed(config: FlagdConfig, kit: Kit): Promise<FlagFeed> {
  const { log, dialer } = kit;
  const configs = readSources(config);
  const deps = {
    log,
    dialer,
    // Loaded only for a source that needs it: it is the heaviest thing here.
    kube: async () =>
      (await import("@burgee/kube")).createKubeClientFromConfig(config, { log, userAgent: "burgee-flagd" }),
  };
  const sources = await Promise.all(configs.map((source) => createSource(source, deps)));
  const store = createFlagStore(sources.map(({ name }) => name));
  const readiness = new Map(configs.map((source) => [source.uri, sourceReadiness(source, kit)]));
  const missing = new Set(readiness.keys());
  const { promise: filled, resolve } = Promise.withResolvers<void>();
  const feed = createFeed({
    sources,
    store,
    log,
    onState(source, state, reason = "down") {
      if (state === "down") return readiness.get(source)?.down(reason);
      readiness.get(source)?.ok();
      missing.delete(source);
      if (missing.size === 0) resolve();
    },
  });
  return { store, part: feed, filled };
}

/**
 * A remote source is waited for. A file that was read but is bad does not keep the service from being ready, as in upstream:
 * the other sources are served all the same, and /readyz says `degraded`.
 */
function sourceReadiness({ uri, provider }: SourceConfig, kit: Kit): ReadinessCheck {
  const check = kit.readiness.add(`source ${uri}`);
  const isFile = !["kubernetes", "grpc"].includes(provider);
  let problem: string | undefined;
  kit.readiness.onChange(({ status }) => {
    if (status === "ready" && problem !== undefined) check.down(problem);
  });
  return {
    ok() {
      problem = undefined;
      check.ok();
    },
    down(reason) {
      problem = reason;
      if (isFile && kit.readiness.status().status === "starting") check.ok();
      else check.down(reason);
    },
  };
}
