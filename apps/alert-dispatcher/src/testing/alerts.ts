import { create, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { NewEntry } from "@burgee/event-bus";
import type { Alert } from "../alert.ts";

/** An alert as the controller raises it. */
export function testAlert(o: Partial<Alert> = {}): Alert {
  return {
    id: "uid/1/started/alert",
    name: "podinfo",
    namespace: "test",
    uid: "uid",
    kind: "Canary",
    severity: "info",
    message: "New revision detected, progressing canary analysis.",
    fields: [{ name: "Target", value: "Deployment/podinfo.test" }],
    phase: "Progressing",
    revision: "6f8d",
    metadata: { environment: "test" },
    at: Date.UTC(2026, 0, 2, 3, 4, 5),
    routes: [],
    ...o,
  };
}

const severities = { info: Severity.INFO, warn: Severity.WARN, error: Severity.ERROR } as const;

/** The same as an entry of the stream. */
export function testEntry(alert: Alert): NewEntry {
  const { name, namespace, message, fields, phase, revision, metadata, routes } = alert;
  const raised = create(AlertRaisedSchema, {
    canaryUid: alert.uid,
    targetKind: alert.kind === "Canary" ? "Deployment" : alert.kind,
    name,
    namespace,
    message,
    fields: [...fields],
    phase,
    revision,
    metadata,
    routes: [...routes],
    severity: severities[alert.severity],
    at: timestampFromMs(alert.at),
  });
  return {
    id: alert.id,
    key: `${namespace}/${name}`,
    seq: 1,
    type: "AlertRaised",
    payload: toBinary(AlertRaisedSchema, raised),
  };
}
