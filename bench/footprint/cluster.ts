import { steadily } from "./calls.ts";
import { type Surroundings, thousandFlags } from "./surroundings.ts";

/** Where the bench's objects live. */
export const namespace = "bench";
const canaries = 20;

/** A FeatureFlag with 1,000 flags; the result changes one of them. */
export async function prepareCluster({ kube }: Surroundings): Promise<(count: number) => Promise<void>> {
  const flags = thousandFlags();
  const write = async (count: number): Promise<void> => {
    const changing = { state: count % 2 === 0 ? "ENABLED" : "DISABLED", variants: { a: 1 }, defaultVariant: "a" };
    await kube.apply({
      ...{ apiVersion: "core.openfeature.dev/v1beta1", kind: "FeatureFlag", metadata: { name: "flags", namespace } },
      spec: { flagSpec: { flags: { ...flags, changing } } },
    });
  };
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  await write(0);
  return write;
}

/** Name of the AlertProvider that gets this alert. */
export function slackChannel(id: number): string {
  return `slack-${id % 20}`;
}

/** Twenty AlertProviders, each with a rate limit of its own. */
export async function slackChannels({ kube, sinkUrl }: Surroundings): Promise<void> {
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const provider = (_: unknown, i: number): object => ({
    ...{ apiVersion: "flagger.app/v1beta1", kind: "AlertProvider", metadata: { name: slackChannel(i), namespace } },
    spec: { type: "slack", channel: slackChannel(i), username: "bench", address: `${sinkUrl}/${slackChannel(i)}` },
  });
  await kube.apply(...Array.from({ length: 20 }, provider));
}

/** Twenty canaries without metrics, so that they go on by themselves, and a new revision of each every three seconds. */
export async function canariesAtWork({ kube }: Surroundings): Promise<void> {
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  const names = Array.from({ length: canaries }, (_, i) => `web-${i}`);
  await steadily(1, async (count) => {
    if (count % 3 === 0) await kube.apply(...names.map((name) => deployment(name, `${Date.now()}`)));
    if (count === 0) await kube.apply(...names.map(canary));
  });
}

function deployment(name: string, version: string): object {
  const labels = { app: name };
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace, labels } },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "web", image: `web:${version}`, ports: [{ containerPort: 8080 }] }] },
      },
    },
  };
}

function canary(name: string): object {
  return {
    ...{ apiVersion: "flagger.app/v1beta1", kind: "Canary", metadata: { name, namespace } },
    spec: {
      provider: "kubernetes",
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      service: { port: 80, targetPort: 8080 },
      analysis: { interval: "1s", threshold: 2, iterations: 2 },
    },
  };
}
