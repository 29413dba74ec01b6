import { access, constants } from "node:fs/promises";
import {
  createFeed,
  createFlagStore,
  createSource,
  type FlagStore,
  type FlagSource,
  FlagSyncError,
  type SourceConfig,
  type SourceDeps,
} from "@burgee/flag-sync";
import {
  ConfigError,
  type Kit,
  messageOf,
  type Part,
  processEnvironment,
  type ReadinessCheck,
  redactUrl,
} from "@burgee/service-kit";
import type { FlagdConfig } from "./config.ts";
import { readSources } from "./read-sources.ts";
import { traceSource } from "./source-spans.ts";

/** The store and the part that fills it. */
export interface FlagFeed {
  readonly store: FlagStore;
  readonly part: Part;
  /** Resolves when every source has delivered flags that were accepted. */
  readonly filled: Promise<void>;
}

/** Rejects with ConfigError when a source cannot be made as it is configured; one that is only away is waited for. */
export async function createFlagFeed(config: FlagdConfig, kit: Kit): Promise<FlagFeed> {
  const { log, dialer, clock } = kit;
  const configs = readSources(config);
  const deps = {
    log,
    dialer,
    clock,
    environment: processEnvironment(),
    outgoingProxy: config.outgoingProxy,
    // Loaded only for a source that needs it: it is the heaviest thing here.
    kube: async () =>
      (await import("@burgee/kube")).createKubeClientFromConfig(config, { log, userAgent: "burgee-flagd" }),
  };
  const sources = await createSources(configs, deps);
  const store = createFlagStore(sources.map(({ name }) => name));
  const readiness = new Map(configs.map((source) => [source.uri, sourceReadiness(source, kit)]));
  const missing = new Set(readiness.keys());
  const { promise: filled, resolve } = Promise.withResolvers<void>();
  const feed = createFeed({
    sources,
    store,
    log,
    onEvent(event) {
      if (kit.tracing) traceSource(event);
      const check = readiness.get(event.source);
      if (event.kind === "down") return check?.down(event.reason);
      if (event.kind === "rejected") return check?.down(`flags rejected: ${event.problems.join("; ")}`);
      check?.ok();
      missing.delete(event.source);
      if (missing.size === 0) resolve();
    },
  });
  return { store, part: feed, filled };
}

async function createSources(configs: readonly SourceConfig[], deps: SourceDeps): Promise<FlagSource[]> {
  const outcomes = await Promise.allSettled(configs.map((config) => createPresentSource(config, deps)));
  const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
  for (const reason of reasons) if (!(reason instanceof FlagSyncError || reason instanceof ConfigError)) throw reason;
  const problems = reasons.flatMap((reason) => (reason instanceof ConfigError ? reason.problems : [messageOf(reason)]));
  if (problems.length > 0) throw new ConfigError(problems);
  return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
}

/** A file must be there at the start, as upstream has it; what is in it may be wrong for a while. */
async function createPresentSource(config: SourceConfig, deps: SourceDeps): Promise<FlagSource> {
  const source = await createSource(config, deps);
  if (isFile(config)) {
    await access(config.uri, constants.R_OK).catch((error: unknown) => {
      throw new ConfigError([
        `source is ${JSON.stringify(`file:${config.uri}`)}, expected a file that can be read: ${messageOf(error)}`,
      ]);
    });
  }
  return source;
}

function isFile({ provider }: SourceConfig): boolean {
  return ["file", "fsnotify", "fileinfo"].includes(provider);
}

/**
 * A remote source is waited for. A file that was read but is bad does not keep the service from being ready, as in upstream:
 * the other sources are served all the same, and /readyz says `degraded`.
 */
function sourceReadiness(config: SourceConfig, kit: Kit): ReadinessCheck {
  const check = kit.readiness.add(`source ${redactUrl(config.uri)}`);
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
      if (isFile(config) && kit.readiness.status().status === "starting") check.ok();
      else check.down(reason);
    },
  };
}
