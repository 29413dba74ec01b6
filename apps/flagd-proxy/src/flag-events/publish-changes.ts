import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { FlagChange_Kind, FlagChangedSchema } from "@burgee/contracts/gen/burgee/flags/v1/flags_pb";
import { type EventBus, type NewEntry, streams } from "@burgee/event-bus";
import { backOffMs, type Clock, type Logger, type Part, sleep } from "@burgee/service-kit";
import type { ProxyMetrics } from "../metrics.ts";
import type { TrackedChange } from "./change-tracker.ts";

/** Which replica publishes, and where. */
export interface PublisherOptions {
  readonly bus: EventBus;
  /** Whether this replica is the one that publishes. */
  readonly holds: () => boolean;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: ProxyMetrics;
}

export interface ChangePublisher extends Part {
  add(change: TrackedChange): void;
  /** Tells that the lease may have changed hands. */
  wake(): void;
}

// Long enough for a dead replica's lease to be taken over several times: what it had not published is then published by its successor.
const keepMs = 60_000;
const keepMost = 1_000;

/**
 * Every replica keeps the changes of the last minute. The one that holds the lease publishes them, again if need be: their ids are derived
 * from the change, so the stream takes each once. While Redis is away nothing is lost before the bounds are reached.
 */
export function createChangePublisher({ bus, holds, clock, log, metrics }: PublisherOptions): ChangePublisher {
  const waiting: TrackedChange[] = [];
  let wakeUp = Promise.withResolvers<void>();
  let running: Promise<void> | undefined;

  const wake = (): void => wakeUp.resolve();
  const forgetOld = (): void => {
    // A standby forgets quietly what the holder has long published.
    while (!holds() && (waiting[0]?.atMs ?? Infinity) < clock.now() - keepMs) waiting.shift();
    while (waiting.length > keepMost) {
      waiting.shift();
      if (holds()) metrics.dropped.inc();
    }
  };
  async function publishAll(signal: AbortSignal): Promise<void> {
    for (let failures = 0; waiting.length > 0 && holds() && !signal.aborted; ) {
      const [change] = waiting;
      if (change === undefined) return;
      try {
        await bus.publish(streams.flagEvents, entryFor(change));
        failures = 0;
        metrics.published.inc();
        if (waiting[0] === change) waiting.shift();
        log.info(
          { selector: change.selector, version: change.version, changes: change.changes.length },
          "flag change published",
        );
      } catch (err) {
        failures += 1;
        if (failures === 1) log.warn({ err, waiting: waiting.length }, "flag change not published, trying again");
        await sleep(backOffMs(failures), signal).catch(() => undefined);
      }
    }
  }
  async function run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", wake, { once: true });
    while (!signal.aborted) {
      await wakeUp.promise;
      wakeUp = Promise.withResolvers<void>();
      if (signal.aborted) return;
      forgetOld();
      await publishAll(signal);
    }
  }
  return {
    name: "flag change publisher",
    add(change) {
      waiting.push(change);
      forgetOld();
      wake();
    },
    wake,
    start(signal) {
      running = run(signal);
    },
    async stop() {
      await running;
    },
  };
}

const kinds = { created: FlagChange_Kind.CREATED, updated: FlagChange_Kind.UPDATED, deleted: FlagChange_Kind.DELETED };

function entryFor({ selector, changes, version, id, atMs }: TrackedChange): NewEntry {
  const message = create(FlagChangedSchema, {
    selector,
    changes: changes.map(({ flagKey, kind, overrideOwner }) => ({ flagKey, kind: kinds[kind], overrideOwner })),
    version: BigInt(version),
    at: timestampFromMs(atMs),
  });
  return { id, key: selector, seq: version, type: "FlagChanged", payload: toBinary(FlagChangedSchema, message) };
}
