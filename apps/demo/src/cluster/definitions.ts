import { type CustomResourceDefinition, type KubeClient, resources } from "@burgee/kube";
import { gatewayApiDefinitions, readManifests } from "@burgee/kube-sim";
import { until } from "../story/wait.ts";

/** The kinds of the Gateway API that the shop and the controller use. */
const gatewayKinds = ["gateways.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io"];
/** The API wants groups of Kubernetes to say whether they were approved: the simulator's subset was not. */
const unapproved = {
  "api-approved.kubernetes.io": "unapproved, the subset of the Gateway API that Burgee's demo uses",
};

/**
 * Creates the custom resource definitions that are missing and waits until they are served; what is there stays as it
 * is. Nothing of it is ever deleted. Returns the names of what was created.
 */
export async function createMissingDefinitions(
  kube: KubeClient,
  o: { folder: string; signal: AbortSignal },
): Promise<readonly string[]> {
  const { items } = await kube.list(resources.customResourceDefinitions);
  const present = new Set(items.map(({ metadata }) => metadata.name));
  const missing = wanted(o.folder).filter(({ metadata }) => !present.has(metadata.name));
  for (const definition of missing) await kube.create(resources.customResourceDefinitions, definition);
  const names = missing.map(({ metadata }) => metadata.name ?? "");
  const waiting = new Set(names);
  await until(
    "the custom resource definitions to be served",
    async () => {
      for (const name of waiting) {
        const { status } = await kube.get(resources.customResourceDefinitions, { name });
        const established = status?.conditions?.some(({ type, status: is }) => type === "Established" && is === "True");
        if (established) waiting.delete(name);
      }
      return waiting.size === 0;
    },
    { timeoutMs: 30_000, signal: o.signal, seen: () => `not yet served: ${[...waiting].join(", ")}` },
  );
  return names;
}

function wanted(folder: string): CustomResourceDefinition[] {
  const ours: object[] = readManifests([folder]);
  const gateway = gatewayApiDefinitions()
    .filter(isDefinition)
    .filter(({ metadata }) => gatewayKinds.includes(metadata.name ?? ""))
    .map((definition) => {
      const annotations = { ...definition.metadata.annotations, ...unapproved };
      return { ...definition, metadata: { ...definition.metadata, annotations } };
    });
  return [...ours.filter(isDefinition), ...gateway];
}

function isDefinition(value: object): value is CustomResourceDefinition {
  return "kind" in value && value.kind === "CustomResourceDefinition" && "metadata" in value && "spec" in value;
}
