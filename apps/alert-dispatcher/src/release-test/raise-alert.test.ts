import { create, toBinary } from "@bufbuild/protobuf";
import { AlertDeliveredSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { createMemoryBus, streams } from "@burgee/event-bus";
import { captureLogger } from "@burgee/service-kit/testing";
import { expect, it } from "vitest";
import { consumerGroup } from "../consume-alerts.ts";
import { raiseAlert } from "./raise-alert.ts";

interface Case {
  /** What the dispatcher records; absent: it never takes the alert. */
  readonly outcomes?: readonly { readonly receiver: string; readonly delivered: boolean; readonly failure?: string }[];
  readonly says: RegExp;
}

const cases: Record<string, Case> = {
  "names who got it": {
    outcomes: [{ receiver: "global/slack", delivered: true }],
    says: /^global\/slack got the alert/,
  },
  "tells what a receiver said": {
    outcomes: [{ receiver: "global/slack", delivered: false, failure: "404 no_team" }],
    says: /^global\/slack did not get release-test\/\d+: 404 no_team$/,
  },
  "is content with an alert taken when there is nobody to tell": { outcomes: [], says: /there is no global notifier/ },
  "gives up on an alert that nobody takes": { says: /is not delivered after 0\.5 s: is a dispatcher ready/ },
};

it.each(Object.entries(cases))("%s", async (_, { outcomes, says }) => {
  const bus = createMemoryBus({ log: captureLogger().log });
  if (outcomes !== undefined)
    bus.consume(streams.alerts, consumerGroup, async (alert) => {
      for (const outcome of outcomes) {
        const payload = toBinary(AlertDeliveredSchema, create(AlertDeliveredSchema, { alertId: alert.id, ...outcome }));
        await bus.publish(streams.alertHistory, { ...alert, id: `${alert.id} ${outcome.receiver}`, payload });
      }
    });
  const raised = raiseAlert({ controllerBus: bus, dispatcherBus: bus, now: 1_700_000_000_000, timeoutMs: 500 });
  expect(
    await raised.then(
      (sentence) => sentence,
      (error: Error) => error.message,
    ),
  ).toMatch(says);
  await bus.close();
});
