import { formatProblem } from "@burgee/flag-engine";
import type { Logger, Part } from "@burgee/service-kit";
import type { FlagPayload, FlagSource, SourceState } from "./source.ts";
import type { FlagStore } from "./store.ts";

export interface FeedOptions {
  readonly sources: readonly FlagSource[];
  readonly store: FlagStore;
  readonly log: Logger;
  /** `up` with the first accepted document, `down` with the reason while a source cannot be read or its document is rejected. */
  readonly onState: (source: string, state: SourceState, reason?: string) => void;
}

/** Starts all sources and puts what they deliver into the store. What is bad is logged and changes nothing. */
export function createFeed({ sources, store, log, onState }: FeedOptions): Part {
  const startSource = (source: FlagSource, signal: AbortSignal): Promise<void> => {
    const fields = { source: source.name };
    let accepted = false;
    const sink = ({ config }: FlagPayload): void => {
      const result = store.update(source.name, config);
      accepted = result.ok;
      if (!result.ok) {
        const problems = result.problems.map(formatProblem);
        log.error({ ...fields, problems }, "error setting state: flags rejected, the last good version stays");
        onState(source.name, "down", `flags rejected: ${problems.join("; ")}`);
        return;
      }
      const warnings = result.warnings.map(formatProblem);
      if (warnings.length > 0) log.warn({ ...fields, warnings }, "flag definition does not conform to the schema");
      if (result.changed) log.info({ ...fields, version: store.snapshot().version }, "flags changed");
      onState(source.name, "up");
    };
    return source.start(signal, sink, (state, reason) => {
      if (state === "down") log.error({ ...fields, reason }, "flag source is down, the last good version stays");
      // A source that can be read again may still hold the document that was rejected.
      if (state === "down" || accepted) onState(source.name, state, reason);
    });
  };
  return {
    name: "flag sources",
    async start(signal) {
      await Promise.all(sources.map((source) => startSource(source, signal)));
    },
  };
}
