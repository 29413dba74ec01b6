import type { Canary } from "@burgee/contracts/crd";
import type { RolloutSpec } from "../rollout-spec.ts";
import type { SpecReader } from "./reader.ts";

/** `spec.dependsOn` with its defaults; nothing when it names none. A cluster has to be the controller's own. */
export function readDependencies(
  { metadata, spec }: Canary,
  clusterName: string,
  reader: SpecReader,
): Pick<RolloutSpec, "dependsOn"> {
  const dependsOn = (spec.dependsOn ?? []).map(({ name, namespace = metadata.namespace, cluster }, index) => {
    const path = `spec.dependsOn[${index}]`;
    if (cluster !== undefined && cluster !== "" && cluster !== clusterName) {
      const own = clusterName === "" ? "no cluster" : `no cluster, or ${JSON.stringify(clusterName)}`;
      const expected = `${own}: this controller sees the canaries of its own cluster (--cluster-name) only`;
      reader.add({ path: `${path}.cluster`, value: cluster, expected });
    }
    if (name === metadata.name && namespace === metadata.namespace) {
      reader.add({ path: `${path}.name`, value: name, expected: "the name of another canary" });
    }
    return { name, namespace };
  });
  return dependsOn.length === 0 ? {} : { dependsOn };
}
