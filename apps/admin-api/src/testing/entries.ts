import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { Result } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { FlagChange_Kind, FlagChangedSchema } from "@burgee/contracts/gen/burgee/flags/v1/flags_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import { type EventBus, streams } from "@burgee/event-bus";

const noon = Date.UTC(2026, 0, 1, 12);

/** `n` numbers the entry: its id and its second after noon. */
export function publishRollout(bus: EventBus, n: number, o: { name?: string; message?: string } = {}): Promise<void> {
  const name = o.name ?? "web";
  const payload = toBinary(
    RolloutEventSchema,
    create(RolloutEventSchema, {
      name,
      namespace: "shop",
      run: 2n,
      revision: "rev-2",
      phase: "Progressing",
      severity: "Normal",
      rule: "shiftToNextWeight",
      message: o.message ?? `Advance web.shop canary weight ${n}`,
      canaryWeight: n,
      at: timestampFromMs(noon + n * 1000),
      target: name,
      image: "shop:2",
      metrics: [{ name: "request-success-rate", result: Result.PASS, value: 99.9, min: 99 }],
    }),
  );
  return bus.publish(streams.rolloutEvents, {
    id: `r${n}`,
    key: `shop/${name}`,
    seq: n,
    type: "RolloutEvent",
    payload,
  });
}

export function publishFlags(bus: EventBus, n: number, owner = "shop/web"): Promise<void> {
  const changes = [{ flagKey: "fast", kind: FlagChange_Kind.UPDATED, overrideOwner: owner }];
  const message = create(FlagChangedSchema, {
    selector: "shop/app",
    version: 7n,
    at: timestampFromMs(noon + n * 1000),
    changes,
  });
  const payload = toBinary(FlagChangedSchema, message);
  return bus.publish(streams.flagEvents, { id: `f${n}`, key: "shop/app", seq: n, type: "FlagChanged", payload });
}

export function publishAlert(bus: EventBus, n: number): Promise<void> {
  const payload = toBinary(
    AlertRaisedSchema,
    create(AlertRaisedSchema, {
      name: "web",
      namespace: "shop",
      severity: Severity.ERROR,
      message: "Canary analysis failed",
      fields: [{ name: "Target", value: "Deployment/web.shop" }],
      at: timestampFromMs(noon + n * 1000),
    }),
  );
  return bus.publish(streams.alerts, { id: `a${n}`, key: "shop/web", seq: n, type: "AlertRaised", payload });
}
