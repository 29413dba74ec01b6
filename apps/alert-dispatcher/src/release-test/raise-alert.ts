import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type AlertDelivered,
  AlertDeliveredSchema,
  AlertRaisedSchema,
  Severity,
} from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { type EventBus, streams } from "@burgee/event-bus";
import { sleep } from "@burgee/service-kit";
import { consumerGroup } from "../consume-alerts.ts";

const pollMs = 200;

/** What the test needs. */
export interface RaiseAlertOptions {
  /** With the controller's rights: raises the alert, and sees whether the dispatcher has let go of it. */
  readonly controllerBus: EventBus;
  /** With the dispatcher's rights: reads who got it. */
  readonly dispatcherBus: EventBus;
  /** Epoch milliseconds. Tells this test from others. */
  readonly now: number;
  readonly timeoutMs: number;
}

/**
 * Raises an alert for the global notifier and waits until every receiver has it. Without a global notifier it is enough that the
 * dispatcher took the alert. Rejects with what a receiver said, or when the alert is still on its way at the deadline.
 */
export async function raiseAlert(o: RaiseAlertOptions): Promise<string> {
  const id = `release-test/${o.now}`;
  await o.controllerBus.publish(streams.alerts, {
    id,
    key: "/release-test",
    seq: o.now,
    type: "AlertRaised",
    payload: toBinary(AlertRaisedSchema, testAlert(o.now)),
  });
  for (const deadline = Date.now() + o.timeoutMs; Date.now() < deadline; await sleep(pollMs)) {
    // Asked before the history is read: what is acknowledged has been recorded.
    const lag = await o.controllerBus.lag(streams.alerts, consumerGroup);
    const outcomes = await outcomesOf(id, o.dispatcherBus);
    const failed = outcomes.filter(({ delivered }) => !delivered);
    if (failed.length > 0)
      throw new Error(failed.map(({ receiver, failure }) => `${receiver} did not get ${id}: ${failure}`).join("; "));
    if (outcomes.length > 0) return `${outcomes.map(({ receiver }) => receiver).join(", ")} got the alert ${id}`;
    if (lag === 0) return `the dispatcher took the alert ${id}; there is no global notifier to deliver it to`;
  }
  throw new Error(`the alert ${id} is not delivered after ${o.timeoutMs / 1000} s: is a dispatcher ready?`);
}

function testAlert(now: number) {
  return create(AlertRaisedSchema, {
    canaryUid: "release-test",
    name: "release-test",
    severity: Severity.INFO,
    message: "Test of the installed release: alerts are delivered.",
    at: timestampFromMs(now),
  });
}

async function outcomesOf(alertId: string, bus: EventBus): Promise<AlertDelivered[]> {
  const entries = await bus.read(streams.alertHistory, { count: 1_000 });
  return entries
    .map(({ payload }) => fromBinary(AlertDeliveredSchema, payload))
    .filter((outcome) => outcome.alertId === alertId);
}
