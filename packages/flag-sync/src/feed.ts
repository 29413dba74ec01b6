import { formatProblem } from "@burgee/flag-engine";
import { type Clock, type Logger, type Part, redactUrl, systemClock } from "@burgee/service-kit";
import type { FlagPayload, FlagSource, SourceState } from "./source.ts";
import type { FlagStore } from "./store.ts";

/** What happened to a source, told in this order as it happens. */
export type FeedEvent =
  /** A document was accepted; `changed` says whether any flag is different now. `flags` counts those of this source. */
  | {
      readonly kind: "loaded";
      readonly source: string;
      readonly changed: boolean;
      readonly version: number;
      readonly flags: number;
      readonly warnings: readonly string[];
    }
  /** A document was refused; the last good one of this source stays. */
  | { readonly kind: "rejected"; readonly source: string; readonly problems: readonly string[] }
  /** The source cannot be read; its last good flags stay. */
  | { readonly kind: "down"; readonly source: string; readonly reason: string }
  /** The source can be read again, and holds what was loaded. */
  | { readonly kind: "up"; readonly source: string };

export interface SourceStatus {
  readonly source: string;
  /** `starting` until the first document is accepted or the source is down. */
  readonly state: "starting" | SourceState;
  /** Why it is down. */
  readonly reason?: string;
  /** Epoch milliseconds of the last accepted document. */
  readonly loadedMs?: number;
  /** Flags in it. */
  readonly flags: number;
}

/** Which sources fill which store. */
export interface FeedOptions {
  readonly sources: readonly FlagSource[];
  readonly store: FlagStore;
  readonly log: Logger;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Told of every event, after `status` has changed. */
  readonly onEvent?: (event: FeedEvent) => void;
}

/** Fills a store from its sources. */
export interface Feed extends Part {
  /** Of every source, in their order. */
  status(): readonly SourceStatus[];
}

/** Starts all sources and puts what they deliver into the store. What is bad is logged and changes nothing. */
export function createFeed({ sources, store, log, clock = systemClock, onEvent }: FeedOptions): Feed {
  const statuses = new Map<string, SourceStatus>(
    sources.map(({ name }) => [name, { source: name, state: "starting", flags: 0 }]),
  );
  const tell = (event: FeedEvent): void => {
    const status = statuses.get(event.source);
    if (status !== undefined) statuses.set(event.source, statusAfter(status, event, clock.now()));
    logEvent(event, log);
    onEvent?.(event);
  };
  tellOverrides(store, log);
  return {
    name: "flag sources",
    status: () => [...statuses.values()],
    async start(signal) {
      await Promise.all(
        sources.map((source) => {
          const isUp = (): boolean => statuses.get(source.name)?.state === "up";
          return startSource(source, { store, tell, signal, isUp });
        }),
      );
    },
  };
}

/** Layers are meant to override; that nobody is surprised by a hidden flag it is said, once for each of them. */
function tellOverrides(store: FlagStore, log: Logger): void {
  const told = new Set<string>();
  store.onChange(({ overridden }) => {
    const news = overridden.map(({ source, flag }) => `${redactUrl(source)}: ${flag.definition.key}`);
    const unknown = news.filter((name) => !told.has(name));
    if (unknown.length === 0) return;
    for (const name of unknown) told.add(name);
    log.info({ count: unknown.length, flags: unknown.slice(0, 10) }, "flags are overridden by a later source");
  });
}

interface Feeding {
  readonly store: FlagStore;
  readonly tell: (event: FeedEvent) => void;
  readonly signal: AbortSignal;
  readonly isUp: () => boolean;
}

/** Resolves when the source is started and what it had at once is in the store. */
async function startSource(flagSource: FlagSource, { store, tell, signal, isUp }: Feeding): Promise<void> {
  const source = flagSource.name;
  let accepted = false;
  // One after the other, in the order in which they happen: loading takes its time.
  let done: Promise<void> = Promise.resolve();
  const enqueue = (act: () => Promise<void> | void): void => {
    done = done.then(() => (signal.aborted ? undefined : act()));
  };
  const load = async (payload: FlagPayload): Promise<void> => {
    const result = await store.updateInSteps(source, payload.config);
    if (signal.aborted) return;
    accepted = result.ok;
    if (!result.ok) {
      tell({ kind: "rejected", source, problems: result.problems.map(formatProblem) });
      return;
    }
    const { changed, flags, warnings } = result;
    const { version } = store.snapshot();
    tell({ kind: "loaded", source, changed, version, flags, warnings: warnings.map(formatProblem) });
  };
  const sink = (payload: FlagPayload): void => {
    // None is left out for a newer one, which may be bad.
    enqueue(() => load(payload));
  };
  await flagSource.start(signal, sink, (state, reason = "it cannot be read") => {
    enqueue(() => {
      if (state === "down") tell({ kind: "down", source, reason });
      // A source that can be read again may still hold the document that was rejected.
      else if (accepted && !isUp()) tell({ kind: "up", source });
    });
  });
  await done;
}

function statusAfter(status: SourceStatus, event: FeedEvent, nowMs: number): SourceStatus {
  const { reason: _, ...rest } = status;
  switch (event.kind) {
    case "loaded":
      return { ...rest, state: "up", loadedMs: nowMs, flags: event.flags };
    case "up":
      return { ...rest, state: "up" };
    case "down":
      return { ...rest, state: "down", reason: event.reason };
    case "rejected":
      return { ...rest, state: "down", reason: `flags rejected: ${event.problems.join("; ")}` };
  }
}

function logEvent(event: FeedEvent, log: Logger): void {
  // A URI may hold credentials.
  const fields = { source: redactUrl(event.source) };
  switch (event.kind) {
    case "loaded":
      if (event.warnings.length > 0) {
        log.warn({ ...fields, warnings: event.warnings }, "flag definition does not conform to the schema");
      }
      if (event.changed) log.info({ ...fields, version: event.version, flags: event.flags }, "flags changed");
      else log.debug({ ...fields, version: event.version }, "flags were read again and are the same");
      return;
    case "rejected": {
      const { problems } = event;
      log.error({ ...fields, problems }, "error setting state: flags rejected, the last good version stays");
      return;
    }
    case "down":
      log.error({ ...fields, reason: event.reason }, "flag source is down, the last good version stays");
      return;
    case "up":
      log.info(fields, "flag source is up");
  }
}
