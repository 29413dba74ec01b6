// The canaries of the bench and what they are about.
import { setTimeout as delay } from "node:timers/promises";
import type { Canary } from "@burgee/contracts/crd";
import { isKubeError, type KubeClient, type KubeObject, type Resource, resource, resources } from "@burgee/kube";

export const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
/** As they are before the API has given them what every object of its has. */
const newCanaries = resource<KubeObject>("flagger.app", "v1beta1", "canaries", "Canary");
/** Between two ticks of a Canary that rolls out. */
export const intervalMs = 10_000;
const namespace = "bench";
/** Calls under way at the same time. */
const atOnce = 32;

/** Canaries with their Deployments, all at the first revision. Those that exist stay. */
export async function createCanaries(client: KubeClient, names: readonly string[]): Promise<void> {
  await createMissing(client, resources.namespaces, { metadata: { name: namespace } });
  await forAll(names, async (name) => {
    await createMissing(client, resources.deployments, deployment(name));
    await createMissing(client, newCanaries, canary(name));
  });
}

/** A new revision of each, evenly over some time: they roll out until they reach their last step, which is more than ten minutes away. */
export async function release(
  client: KubeClient,
  names: readonly string[],
  { revision, withinMs }: { revision: string; withinMs: number },
): Promise<void> {
  const spec = { template: { spec: { containers: containers(revision) } } };
  const began = performance.now();
  const due = new Map(names.map((name, index) => [name, began + (index / names.length) * withinMs]));
  await forAll(names, async (name) => {
    await delay(Math.max(0, (due.get(name) ?? 0) - performance.now()));
    await client.patch(resources.deployments, { namespace, name }, { spec }, { type: "merge" });
  });
}

async function forAll(names: readonly string[], work: (name: string) => Promise<void>): Promise<void> {
  const left = names.values();
  const worker = async (): Promise<void> => {
    for (const name of left) await work(name);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function createMissing<T extends KubeObject>(client: KubeClient, r: Resource<T>, object: T): Promise<void> {
  try {
    await client.create(r, object);
  } catch (error) {
    if (!isKubeError(error, "already_exists")) throw error;
  }
}

function containers(revision: string) {
  return [{ name: "web", image: `web:${revision}`, ports: [{ containerPort: 8080 }] }];
}

function deployment(name: string) {
  const labels = { app: name };
  return {
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: containers("1") } },
    },
  };
}

/** Without metrics and hooks: what is measured is the controller, not those who answer it. */
function canary(name: string) {
  return {
    metadata: { name, namespace },
    spec: {
      provider: "gatewayapi:v1",
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      service: { port: 80, targetPort: 8080, gatewayRefs: [{ name: "gateway", namespace }] },
      analysis: { interval: `${intervalMs / 1000}s`, threshold: 5, maxWeight: 99, stepWeight: 1 },
    },
  };
}
