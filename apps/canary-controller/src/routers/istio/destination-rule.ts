// The DestinationRules of the primary's and the canary's Service.
import type { Canary } from "@burgee/contracts/crd";
import { canaryOwner } from "../../canary-resource.ts";
import { serviceName } from "../../services.ts";
import { sameMeaning } from "../../workloads/canonical-json.ts";
import type { DestinationRule } from "./objects.ts";

/** The DestinationRule to create. */
export function newDestinationRule(canary: Canary, role: "primary" | "canary"): DestinationRule {
  const host = serviceName(canary, role);
  return {
    apiVersion: "networking.istio.io/v1beta1",
    kind: "DestinationRule",
    metadata: { name: host, namespace: canary.metadata.namespace, ownerReferences: [canaryOwner(canary)] },
    spec: specOf(canary, host),
  };
}

/** A live one with the host and the traffic policy of the Canary; undefined when it has them. Other fields stay. */
export function alignedDestinationRule(
  canary: Canary,
  role: "primary" | "canary",
  live: DestinationRule,
): DestinationRule | undefined {
  const { host: _, trafficPolicy: __, ...others } = live.spec;
  const spec = { ...others, ...specOf(canary, serviceName(canary, role)) };
  return sameMeaning(spec, live.spec) ? undefined : { ...live, spec };
}

function specOf(canary: Canary, host: string): DestinationRule["spec"] {
  const trafficPolicy = canary.spec.service?.trafficPolicy;
  return { host, ...(trafficPolicy === undefined ? {} : { trafficPolicy }) };
}
