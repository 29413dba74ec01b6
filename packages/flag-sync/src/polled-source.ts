import { backOffMs, type Clock, type Logger, messageOf, redactUrl, sleep, systemClock } from "@burgee/service-kit";
import { type DocumentFormat, digestOf, parseDocument } from "./document.ts";
import { type Schedule, untilNextLook } from "./schedule.ts";
import type { FlagPayload, FlagSource, OnSourceState } from "./source.ts";

/** A document as it was read. */
export interface ReadDocument {
  readonly text: string;
  readonly format: DocumentFormat;
  /** What the store calls this version (ETag, generation): handed to the next look. Absent when it has no name for it. */
  readonly version?: string | undefined;
}

/** Reads the document, or nothing when it is still `version`. Rejects with a reason that holds no credentials. */
export type ReadRemote = (version: string | undefined, signal: AbortSignal) => Promise<ReadDocument | undefined>;

/** What is read, and when. */
export interface PolledSourceOptions {
  /** Names the source in logs and events. */
  readonly uri: string;
  readonly schedule: Schedule;
  readonly read: ReadRemote;
  readonly log: Logger;
  readonly clock?: Clock | undefined;
}

/** A document that somebody else keeps and that has to be asked for: looked at by schedule, and sooner while it cannot be read. */
export function createPolledSource({ uri, schedule, read, log, clock = systemClock }: PolledSourceOptions): FlagSource {
  return {
    name: uri,
    async start(signal, sink, onState) {
      const look = createLook({ uri, read, sink, onState });
      const keepLooking = async (): Promise<void> => {
        for (let failures = 0; !signal.aborted; ) {
          failures = (await look(signal)) ? 0 : failures + 1;
          const regular = untilNextLook(schedule, new Date(clock.now()));
          // Sooner than by schedule, never less often.
          const wait = failures === 0 ? regular : backOffMs(failures, { maxDelayMs: schedule.intervalS * 1000 });
          await sleep(wait, signal).catch(() => undefined);
        }
      };
      keepLooking().catch((err: unknown) => {
        log.error({ source: redactUrl(uri), err }, "flag source is not looked at any more");
        onState("down", messageOf(err));
      });
    },
  };
}

interface LookOptions {
  readonly uri: string;
  readonly read: ReadRemote;
  readonly sink: (payload: FlagPayload) => void;
  readonly onState: OnSourceState;
}

/** Looks once and tells what is new; false when the document cannot be had. */
function createLook({ uri, read, sink, onState }: LookOptions): (signal: AbortSignal) => Promise<boolean> {
  let version: string | undefined;
  let served: string | undefined;
  let failure: string | undefined;
  const deliver = async ({ text, format, version: next }: ReadDocument, signal: AbortSignal): Promise<void> => {
    const digest = digestOf(text);
    if (digest !== served) {
      const config = await parseDocument(text, format, redactUrl(uri));
      if (signal.aborted) return;
      sink({ source: uri, config, raw: format === "json" ? text : JSON.stringify(config) });
      served = digest;
    }
    // Remembered only now: a document that cannot be parsed is asked for again.
    version = next;
  };
  return async (signal) => {
    try {
      const document = await read(version, signal);
      if (document !== undefined) await deliver(document, signal);
      if (failure !== undefined) onState("up");
      failure = undefined;
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      const reason = messageOf(error);
      if (reason !== failure) onState("down", `${reason}; serving the last good version`);
      failure = reason;
      return false;
    }
  };
}
