import type { EventRecorder, KubeObject } from "@burgee/kube";
import type { Logger } from "@burgee/service-kit";
import type { Principal } from "./auth/access.ts";

/** One change that somebody made through this service. */
export interface AuditEntry {
  principal: Principal;
  /** "promote", "toggle flag": what was done, for people. */
  action: string;
  /** What it was done to; it gets the Kubernetes Event. */
  object: KubeObject;
  details: Readonly<Record<string, string | number | boolean | undefined>>;
  requestId: string;
}

export type Audit = (entry: AuditEntry) => void;

/** Every change is one log line and one Kubernetes Event. */
export function createAudit(o: { log: Logger; recorder: EventRecorder }): Audit {
  return ({ principal, action, object, details, requestId }) => {
    const { namespace, name } = object.metadata;
    const actor = principal.name;
    o.log.info(
      { audit: true, actor, action, kind: object.kind, namespace, name, ...details, requestId },
      "change made",
    );
    const told = Object.entries(details).flatMap(([field, value]) =>
      value === undefined ? [] : [`${field} ${value}`],
    );
    const message = `${action} by ${actor}${told.length === 0 ? "" : ` (${told.join(", ")})`}`;
    o.recorder.record(object, { type: "Normal", reason: "AdminAction", message });
  };
}
