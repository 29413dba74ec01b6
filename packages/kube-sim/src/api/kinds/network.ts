import { isObject, objectAt, objectsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import { objectIn } from "./object-in.ts";

export function defaultIngressClass(draft: KubeObject): void {
  const { parameters } = objectAt(draft, "spec");
  if (isObject(parameters)) parameters.scope ??= "Cluster";
}

/** A policy is about what comes in, and about what goes out where it has rules for that. */
export function defaultNetworkPolicy(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  const rules = [...objectsAt(spec, "ingress"), ...objectsAt(spec, "egress")];
  for (const rule of rules) for (const port of objectsAt(rule, "ports")) port.protocol ??= "TCP";
  spec.policyTypes ??= objectsAt(spec, "egress").length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

export function defaultEndpointSlice(draft: KubeObject): void {
  for (const endpoint of objectsAt(draft, "endpoints")) objectIn(endpoint, "conditions");
  for (const port of objectsAt(draft, "ports")) {
    port.name ??= "";
    port.protocol ??= "TCP";
  }
}

export function defaultEndpoints(draft: KubeObject): void {
  for (const subset of objectsAt(draft, "subsets"))
    for (const port of objectsAt(subset, "ports")) port.protocol ??= "TCP";
}
