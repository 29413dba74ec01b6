// Names, labels and annotations of the objects that routers make.
import type { Canary } from "@burgee/contracts/crd";
import type { ObjectMeta, OwnerReference } from "@burgee/kube";
import { apexName, fluxDisabled } from "../../services.ts";
import type { SelectorLabel } from "../../workloads/selector-label.ts";

/** Labels and annotations of an object. */
export type Metadata = Required<Pick<ObjectMeta, "labels" | "annotations">>;

/**
 * What the object named like the apex Service carries: service.apex, and what keeps Flux away. The selector label is on it whenever
 * service.apex is given, as upstream has it.
 */
export function apexMetadata({ canary, label }: { canary: Canary; label: SelectorLabel | undefined }): Metadata {
  const apex = canary.spec.service?.apex;
  const selector: Record<string, string> = label === undefined ? {} : { [label.key]: apexName(canary) };
  return {
    labels: apex === undefined ? {} : { ...apex.labels, ...selector },
    annotations: { ...apex?.annotations, ...fluxDisabled },
  };
}

/** Where the object named like the apex Service is. */
export function apexRef({ canary }: { canary: Canary }): { namespace: string; name: string } {
  return { namespace: canary.metadata.namespace, name: apexName(canary) };
}

/** True when this Canary made the object; it then goes away with it. */
export function isOwn(metadata: ObjectMeta, canary: Canary): boolean {
  return (metadata.ownerReferences ?? []).some(
    (owner: OwnerReference) =>
      owner.controller === true && owner.kind === "Canary" && owner.name === canary.metadata.name,
  );
}
