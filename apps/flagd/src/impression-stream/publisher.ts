import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { type FlagImpression, FlagImpressionsSchema } from "@burgee/contracts/gen/burgee/flags/v1/flags_pb";
import { type EventBus, type NewEntry, streams } from "@burgee/event-bus";
import { type Clock, type Logger, type Part, sleep } from "@burgee/service-kit";
import type { EvaluationCounts } from "../impressions.ts";

/** Which counts are published, how often and by whom. */
export interface ImpressionPublisherOptions {
  readonly bus: EventBus;
  readonly evaluations: EvaluationCounts;
  /** The server; unique among all. */
  readonly instance: string;
  /** Between two publications. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Publishes how often flags were evaluated since the last time, and the rest when it stops. Requests know nothing of it. An entry that
 * Redis did not take is published again as it is, so none counts twice; what is counted meanwhile is in the next one.
 */
export function createImpressionPublisher(o: ImpressionPublisherOptions): Part {
  const { bus, evaluations, instance, clock, log } = o;
  const told = new Map<object, number>();
  let from = clock.now();
  let seq = 0;
  let pending:
    | { readonly entry: NewEntry; readonly values: ReadonlyMap<object, number>; readonly to: number }
    | undefined;
  let failing = false;

  const collect = (): typeof pending => {
    const values = new Map<object, number>();
    const impressions: Omit<FlagImpression, "$typeName">[] = [];
    for (const { attributes, measure } of evaluations.totals()) {
      const count = measure.value - (told.get(measure) ?? 0);
      if (count === 0) continue;
      values.set(measure, measure.value);
      const { flag_set: flagSet = "", flag: flagKey = "", variant = "", reason = "" } = attributes;
      impressions.push({ flagSet, flagKey, variant, reason, count: BigInt(count) });
    }
    const to = clock.now();
    if (impressions.length === 0) return undefined;
    const message = { instance, from: timestampFromMs(from), to: timestampFromMs(to), impressions };
    const payload = toBinary(FlagImpressionsSchema, create(FlagImpressionsSchema, message));
    seq += 1;
    const entry = { id: `${instance}/${seq}`, key: instance, seq, type: "FlagImpressions", payload };
    return { entry, values, to };
  };

  const publish = async (): Promise<void> => {
    pending ??= collect();
    if (pending === undefined) {
      from = clock.now();
      return;
    }
    try {
      await bus.publish(streams.flagImpressions, pending.entry);
      for (const [measure, value] of pending.values) told.set(measure, value);
      from = pending.to;
      pending = undefined;
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, "counts of evaluations not published, trying again");
      failing = true;
    }
  };

  let running: Promise<void> | undefined;
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await sleep(o.intervalMs, signal).catch(() => undefined);
      await publish();
    }
  };
  return {
    name: "impression publisher",
    start(signal) {
      running = run(signal);
    },
    // The signal is aborted by now: the last round of the loop publishes what is left.
    stop: () => running,
  };
}
