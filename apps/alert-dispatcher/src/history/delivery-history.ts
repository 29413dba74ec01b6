import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { AlertDeliveredSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { type Delivery, type EventBus, streams } from "@burgee/event-bus";
import { type Logger, messageOf, retry } from "@burgee/service-kit";
import type { Alert } from "../alert.ts";
import { createRecentKeys } from "./recent-keys.ts";

export interface DeliveryOutcome {
  readonly alert: Alert;
  readonly receiver: string;
  readonly providerType: string;
  readonly attempt: number;
  /** Absent: delivered. Without secrets. */
  readonly failure?: string;
  readonly at: number;
}

/** Who got which alert. Kept in the stream `alert.history`, so that neither a restart nor another dispatcher sends it twice. */
export interface DeliveryHistory {
  /** Reads the kept history, then follows it. Resolves when the kept part was read; tries until the signal aborts. */
  open(signal: AbortSignal): Promise<void>;
  isDelivered(alertId: string, receiver: string): boolean;
  /** Resolves when the outcome is in the stream; tries until the signal aborts. */
  record(outcome: DeliveryOutcome, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

const severities = { info: Severity.INFO, warn: Severity.WARN, error: Severity.ERROR } as const;
const page = 1_000;
const remembered = 100_000;

/** The history in the stream `alert.history`. */
export function createDeliveryHistory(bus: EventBus, log: Logger): DeliveryHistory {
  const delivered = createRecentKeys(remembered);
  const keyOf = (alertId: string, receiver: string): string => `${alertId} ${receiver}`;
  let leave = async (): Promise<void> => {};

  const learn = (entry: Delivery): void => {
    try {
      const record = fromBinary(AlertDeliveredSchema, entry.payload);
      if (record.delivered) delivered.add(keyOf(record.alertId, record.receiver));
    } catch (error) {
      log.warn({ id: entry.id, err: messageOf(error) }, "delivery record cannot be read");
    }
  };
  const tryUntilDone = <T>(what: string, call: () => Promise<T>, signal: AbortSignal): Promise<T> =>
    retry(call, { signal, maxDelayMs: 5_000, onRetry: (error) => log.debug({ err: messageOf(error) }, what) });

  return {
    async open(signal) {
      const kept = await tryUntilDone("delivery history cannot be read", () => readAll(bus), signal);
      for (const entry of kept.toReversed()) learn(entry);
      const subscription = bus.follow(streams.alertHistory, learn, { from: kept[0]?.offset ?? "start" });
      leave = () => subscription.stop();
      log.info({ deliveries: kept.length }, "delivery history read");
    },
    isDelivered: (alertId, receiver) => delivered.has(keyOf(alertId, receiver)),
    async record({ alert, receiver, providerType, attempt, failure = "", at }, signal) {
      const isDelivered = failure === "";
      // At once, for a redelivery that comes while the stream is away.
      if (isDelivered) delivered.add(keyOf(alert.id, receiver));
      const message = create(AlertDeliveredSchema, {
        alertId: alert.id,
        receiver,
        providerType,
        delivered: isDelivered,
        failure,
        attempt,
        at: timestampFromMs(at),
        name: alert.name,
        namespace: alert.namespace,
        severity: severities[alert.severity],
        message: alert.message,
      });
      const entry = {
        id: `${alert.id} ${receiver} ${isDelivered ? "delivered" : attempt}`,
        key: `${alert.namespace}/${alert.name}`,
        seq: attempt,
        type: "AlertDelivered",
        payload: toBinary(AlertDeliveredSchema, message),
      };
      await tryUntilDone("delivery cannot be recorded", () => bus.publish(streams.alertHistory, entry), signal);
    },
    close: () => leave(),
  };
}

/** Newest first. */
async function readAll(bus: EventBus): Promise<Delivery[]> {
  const entries: Delivery[] = [];
  for (let before: string | undefined; entries.length < remembered; ) {
    const next = await bus.read(streams.alertHistory, { count: page, ...(before === undefined ? {} : { before }) });
    entries.push(...next);
    before = next.at(-1)?.offset;
    if (next.length < page) break;
  }
  return entries;
}
