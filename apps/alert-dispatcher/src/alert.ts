import { fromBinary } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type AlertRaised, AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { Delivery } from "@burgee/event-bus";

export type AlertSeverity = "info" | "warn" | "error";

export interface AlertRoute {
  readonly name: string;
  /** As written in `analysis.alerts[].severity`. */
  readonly severity: string;
  readonly providerName: string;
  readonly providerNamespace: string;
}

/** What the controller decided to tell. Providers shape it, they do not change what it says. */
export interface Alert {
  /** Of the stream entry: the same after a redelivery. */
  readonly id: string;
  readonly name: string;
  readonly namespace: string;
  /** Of the Canary, or the FlagRollout. */
  readonly uid: string;
  readonly kind: "Canary" | "FlagRollout";
  readonly severity: AlertSeverity;
  readonly message: string;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** Phase of the Canary, such as `Progressing`. */
  readonly phase: string;
  readonly revision: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Empty means the global notifier. */
  readonly routes: readonly AlertRoute[];
}

/** The subject of every message, as upstream writes it. */
export function workloadOf(alert: Alert): string {
  return `${alert.name}.${alert.namespace}`;
}

/** Reads a stream entry. Throws when its payload is no AlertRaised. */
export function alertFromDelivery(delivery: Delivery): Alert {
  return alertFromMessage(delivery.id, fromBinary(AlertRaisedSchema, delivery.payload));
}

const severities: Readonly<Record<Severity, AlertSeverity>> = {
  [Severity.UNSPECIFIED]: "info",
  [Severity.INFO]: "info",
  [Severity.WARN]: "warn",
  [Severity.ERROR]: "error",
};

function alertFromMessage(id: string, m: AlertRaised): Alert {
  return {
    id,
    name: m.name,
    namespace: m.namespace,
    uid: m.canaryUid,
    kind: m.targetKind === "FlagRollout" ? "FlagRollout" : "Canary",
    severity: severities[m.severity] ?? "info",
    message: m.message,
    fields: m.fields.map(({ name, value }) => ({ name, value })),
    phase: m.phase,
    revision: m.revision,
    metadata: m.metadata,
    at: m.at === undefined ? 0 : timestampMs(m.at),
    routes: m.routes.map(({ name, severity, providerName, providerNamespace }) => ({
      name,
      severity,
      providerName,
      providerNamespace: providerNamespace === "" ? m.namespace : providerNamespace,
    })),
  };
}

const ranks: Readonly<Record<string, number>> = { info: 0, warn: 1, error: 2 };

/** Whether a route wants an alert: `info` takes all, `warn` warn and error, `error` only error. Without a word of these it takes all. */
export function routeTakes(routeSeverity: string, severity: AlertSeverity): boolean {
  // Upstream sends nothing for an empty severity although its documentation says info; we do what the documentation says.
  return (ranks[severity] ?? 0) >= (ranks[routeSeverity] ?? 0);
}
