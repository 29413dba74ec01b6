import { type ConsumeHandler, type Delivery, Undeliverable } from "@burgee/event-bus";
import type { EventRecorder } from "@burgee/kube";
import { type Clock, type Logger, messageOf } from "@burgee/service-kit";
import { type Alert, alertFromDelivery } from "./alert.ts";
import { AlertError } from "./alert-error.ts";
import { eventTarget } from "./alert-providers/report-problems.ts";
import type { DeliveryHistory } from "./history/delivery-history.ts";
import type { DispatcherMetrics } from "./metrics.ts";
import type { OpenReceiver, Recipient } from "./recipients.ts";

/** Who gets an alert, and how. */
export interface DispatchOptions {
  readonly recipients: (alert: Alert) => readonly Recipient[];
  readonly send: (alert: Alert, key: string, open: OpenReceiver, signal: AbortSignal) => Promise<void>;
  readonly history: DeliveryHistory;
  readonly recorder: EventRecorder;
  readonly metrics: DispatcherMetrics;
  readonly log: Logger;
  readonly clock: Clock;
  /** The last attempt is recorded as a failure. */
  readonly maxDeliveries: number;
}

/**
 * One alert to all its recipients. Resolves when each has it and it is recorded; rejects otherwise, and the bus delivers again: those
 * that have it are then passed over. When no repetition can help, the alert goes to the dead letters at once.
 */
export function createDispatch(o: DispatchOptions): ConsumeHandler {
  return async (delivery, signal) => {
    const alert = readAlert(delivery);
    const recipients = o.recipients(alert);
    const outcomes = await Promise.all(
      recipients.map((recipient) => deliver(recipient, { alert, delivery, signal }, o)),
    );
    const failures = outcomes.filter((failure) => failure !== undefined);
    if (failures.length === 0) return;
    const reasons = failures.map((failure) => failure.message).join("; ");
    if (failures.every((failure) => !failure.retry)) throw new Undeliverable(reasons);
    throw new Error(reasons);
  };
}

function readAlert(delivery: Delivery): Alert {
  try {
    return alertFromDelivery(delivery);
  } catch (error) {
    throw new Undeliverable(`payload is no AlertRaised: ${messageOf(error)}`);
  }
}

interface Context {
  readonly alert: Alert;
  readonly delivery: Delivery;
  readonly signal: AbortSignal;
}

async function deliver(recipient: Recipient, context: Context, o: DispatchOptions): Promise<AlertError | undefined> {
  const { alert, delivery, signal } = context;
  const { key } = recipient;
  const fields = {
    canary: alert.name,
    namespace: alert.namespace,
    receiver: key,
    id: alert.id,
    attempt: delivery.attempt,
  };
  if (o.history.isDelivered(alert.id, key)) {
    o.metrics.finished({ type: "", severity: alert.severity, result: "duplicate", seconds: 0 });
    o.log.info(fields, "alert was delivered before");
    return undefined;
  }
  const startedAt = o.clock.now();
  let open: OpenReceiver | undefined;
  let failure: AlertError | undefined;
  try {
    open = await recipient.open(signal);
    await o.send(alert, key, open, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof AlertError)) throw error;
    failure = error;
  }
  const seconds = (o.clock.now() - startedAt) / 1_000;
  const result = failure === undefined ? "delivered" : "failed";
  o.metrics.finished({ type: open?.type ?? "", severity: alert.severity, result, seconds });
  if (failure === undefined) o.log.info(fields, "alert delivered");
  const final = failure !== undefined && (!failure.retry || delivery.attempt >= o.maxDeliveries);
  if (failure === undefined || final) {
    const outcome = {
      alert,
      receiver: key,
      providerType: open?.type ?? "",
      attempt: delivery.attempt,
      at: o.clock.now(),
    };
    await o.history.record(failure === undefined ? outcome : { ...outcome, failure: failure.message }, signal);
  }
  if (failure !== undefined && final) giveUp(failure, { open, fields }, o);
  // What the owner of the Canary has to mend is told at once, not after the last attempt.
  if (failure?.mend && (final || delivery.attempt === 1)) tellOwner(failure, alert, o);
  return failure;
}

function giveUp(
  failure: AlertError,
  { open, fields }: { open: OpenReceiver | undefined; fields: object },
  o: DispatchOptions,
): void {
  o.log.error({ ...fields, err: failure.message }, "alert not delivered");
  if (open?.provider === undefined) return;
  o.recorder.record(eventTarget(open.provider), {
    type: "Warning",
    reason: "AlertNotDelivered",
    message: failure.message,
  });
}

const apiVersions = { Canary: "flagger.app/v1beta1", FlagRollout: "burgee.dev/v1alpha1" } as const;

function tellOwner(failure: AlertError, { name, namespace, uid, kind }: Alert, o: DispatchOptions): void {
  const owner = { apiVersion: apiVersions[kind], kind, metadata: { name, namespace, uid } };
  o.recorder.record(owner, { type: "Warning", reason: "AlertNotDelivered", message: failure.message });
}
