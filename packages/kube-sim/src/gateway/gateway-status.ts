import { equal, type JsonObject, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";

interface Verdict {
  type: string;
  status: "True" | "False";
  reason: string;
  message: string;
}

/** Conditions of the Gateway API: the transition time stays as long as the status does. */
function conditions(
  verdicts: readonly Verdict[],
  old: readonly JsonObject[],
  o: { generation: number; now: number },
): JsonObject[] {
  return verdicts.map((verdict) => {
    const known = old.find((condition) => condition.type === verdict.type && condition.status === verdict.status);
    const lastTransitionTime = known?.lastTransitionTime ?? `${new Date(o.now).toISOString().slice(0, 19)}Z`;
    return { ...verdict, observedGeneration: o.generation, lastTransitionTime };
  });
}

const accepted: Verdict = { type: "Accepted", status: "True", reason: "Accepted", message: "" };
const programmed: Verdict = { type: "Programmed", status: "True", reason: "Programmed", message: "" };
const resolved: Verdict = { type: "ResolvedRefs", status: "True", reason: "ResolvedRefs", message: "" };

/** The status of a Gateway whose listeners are open. */
export function gatewayStatus(gateway: KubeObject, o: { attached(listener: string): number; now: number }): JsonObject {
  const stamp = { generation: gateway.metadata.generation ?? 1, now: o.now };
  const before = objectsAt(gateway, "status", "listeners");
  const listeners = objectsAt(gateway, "spec", "listeners").map((listener) => {
    const old = before.find((entry) => entry.name === listener.name);
    return {
      name: listener.name,
      attachedRoutes: o.attached(String(listener.name)),
      supportedKinds: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }],
      conditions: conditions([accepted, programmed, resolved], objectsAt(old, "conditions"), stamp),
    };
  });
  return {
    addresses: [{ type: "IPAddress", value: "127.0.0.1" }],
    conditions: conditions([accepted, programmed], objectsAt(gateway, "status", "conditions"), stamp),
    listeners,
  };
}

/**
 * The status of an HTTPRoute for the Gateways that are known; what other controllers wrote stays. Undefined when there
 * is nothing to say.
 */
export function routeStatus(
  route: KubeObject,
  o: { parents: readonly JsonObject[]; missing: readonly string[]; controllerName: string; now: number },
): JsonObject | undefined {
  const present = objectsAt(route, "status", "parents");
  const others = present.filter((parent) => parent.controllerName !== o.controllerName);
  const ours = o.parents.map((parentRef) => {
    const old = present.find(
      (parent) => equal(parent.parentRef, parentRef) && parent.controllerName === o.controllerName,
    );
    const missing = o.missing.length > 0;
    const refs: Verdict = missing
      ? { ...resolved, status: "False", reason: "BackendNotFound", message: `no Service ${o.missing.join(", ")}` }
      : resolved;
    const stamp = { generation: route.metadata.generation ?? 1, now: o.now };
    return {
      parentRef,
      controllerName: o.controllerName,
      conditions: conditions([accepted, refs], objectsAt(old, "conditions"), stamp),
    };
  });
  if (ours.length === 0 && present.length === others.length) return undefined;
  return { parents: [...others, ...ours] };
}
