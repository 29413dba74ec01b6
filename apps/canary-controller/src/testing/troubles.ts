// What goes wrong with a workload and what is around it, done to the laboratory.
import type { Reason } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { type Deployment, type HTTPRoute, resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { neverReady } from "./manifests.ts";
import { name, namespace, type RolloutLab } from "./rollout-lab.ts";

/** Changes the target. */
export async function change({ client }: RolloutLab, patch: object): Promise<void> {
  await client.patch(resources.deployments, { namespace, name }, patch, { type: "strategic" });
}

/** A revision whose pods never become ready. */
export async function releaseThatFails(lab: RolloutLab, container: object): Promise<void> {
  const containers = [{ name: "app", image: "example.com/podinfo:v2", ...container }];
  await change(lab, {
    spec: { template: { metadata: { annotations: { [neverReady]: "true" } }, spec: { containers } } },
  });
}

/** A revision of which no check says anything. */
export async function releaseThatIs(lab: RolloutLab, reason: Reason, message: string): Promise<void> {
  lab.judge(() => ({ reason, message }));
  await lab.release("v2");
}

/** Puts every container of the target's pods into a state. */
export async function breakPods({ client }: RolloutLab, state: object): Promise<void> {
  const labelSelector = `app=${name}`;
  const list = async () => (await client.list(resources.pods, { namespace, labelSelector })).items;
  await waitFor(async () => (await list()).some(({ status }) => status?.containerStatuses !== undefined));
  for (const { metadata, status } of await list()) {
    const containerStatuses = status?.containerStatuses?.map((of) => ({ ...of, ready: false, restartCount: 3, state }));
    const patch = { status: { containerStatuses } };
    await client.patch(resources.pods, { namespace, name: metadata.name }, patch, {
      type: "merge",
      subresource: "status",
    });
  }
}

/** The target's controller is told that it may not make pods. */
export async function refusePods({ client }: RolloutLab, message: string): Promise<void> {
  const ref = { namespace, name };
  await waitFor(async () => ((await client.get(resources.deployments, ref)).status?.updatedReplicas ?? 0) > 0);
  const live: Deployment = await client.get(resources.deployments, ref);
  const failure = { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message };
  const conditions = [...(live.status?.conditions ?? []), failure];
  await client.patch(resources.deployments, ref, { status: { conditions } }, { type: "merge", subresource: "status" });
}

/** Another controller of Gateways says that it does not take the route. */
export async function rejectRoute({ client }: RolloutLab): Promise<void> {
  const ref = { namespace, name };
  const live: HTTPRoute = await client.get(resources.httpRoutes, ref);
  const [parentRef] = live.spec.parentRefs ?? [];
  const condition = {
    type: "Accepted",
    status: "False",
    reason: "NoMatchingListenerHostname",
    message: "hostname does not match any listener",
    lastTransitionTime: "2026-01-01T00:00:00Z",
  };
  const parents = [{ parentRef, controllerName: "example.com/gateway", conditions: [condition] }];
  await client.patch(resources.httpRoutes, ref, { status: { parents } }, { type: "merge", subresource: "status" });
}

/** A target whose selector has none of the labels that are looked for. */
export const unlabelled = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace },
  spec: {
    replicas: 1,
    selector: { matchLabels: { component: "web" } },
    template: { metadata: { labels: { component: "web" } }, spec: { containers: [{ name: "app", image: "app:v1" }] } },
  },
};
