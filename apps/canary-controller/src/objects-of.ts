// Which objects a Canary is about.
import type { Canary } from "@burgee/contracts/crd";
import { apexName } from "./services.ts";
import { canaryName, primaryName } from "./workloads/selector-label.ts";

/** `namespace/name` of the objects whose changes concern a Canary, whatever their kinds. */
export function objectsOf(canary: Canary): Set<string> {
  const { targetRef } = canary.spec;
  const apex = apexName(canary);
  const names = [targetRef.name, primaryName(targetRef.name), apex, primaryName(apex), canaryName(apex)];
  const { namespace: own } = canary.metadata;
  const awaited = (canary.spec.dependsOn ?? []).map(({ namespace = own, name }) => `${namespace}/${name}`);
  return new Set([...names.map((name) => `${own}/${name}`), ...awaited]);
}
