// The target's fields stay the user's: a tool that applies Git again and again sees no difference during a whole rollout.
import type { CanaryAnalysis } from "@burgee/contracts/crd";
import { apiVersionOf } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { scaledObject as scaledObjectKind } from "./scalers/scaled-object.ts";
import { customDefinition } from "./testing/custom-definition.ts";
import { customWorkloadDefinitions, startCustomWorkloads } from "./testing/custom-workloads.ts";
import { type Committed, createGitops } from "./testing/gitops.ts";
import { knativeDefinitions, startKnative } from "./testing/knative.ts";
import { configMap, podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { podTargets, type TargetName, targetOf, targetResources } from "./testing/targets.ts";
import { withLab } from "./testing/with-lab.ts";

const kinds: readonly TargetName[] = [
  "Deployment",
  "DaemonSet",
  "StatefulSet",
  "CloneSet",
  "Rollout",
  "Fleet",
  "Service",
  "Knative Service",
];
const web = { name: "web", namespace };

const pathOf = (apiVersion: string, plural: string, of: string) =>
  `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}/namespaces/${namespace}/${plural}/${of}`;

/** Upstream's documents tell users to leave replicas out. */
function targetIn(kind: TargetName, version: string, o: { replicas?: number } = {}): Committed {
  // A nodeSelector of the user's own stands beside what scaling puts there.
  const podSpec = kind === "DaemonSet" ? { nodeSelector: { "kubernetes.io/os": "linux" } } : {};
  const manifest = targetOf(kind, { ...web, version, configs: ["web-config"], readyAfter: "5ms", podSpec, ...o });
  return { path: pathOf(apiVersionOf(targetResources[kind]), targetResources[kind].plural, "web"), manifest };
}

const config = (color: string): Committed => ({
  path: pathOf("v1", "configmaps", "web-config"),
  manifest: configMap({ name: "web-config", namespace }, color),
});
const scaledObject: Committed = {
  path: pathOf("keda.sh/v1alpha1", "scaledobjects", "web"),
  manifest: {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "web", namespace },
    spec: { scaleTargetRef: { name: "web" }, minReplicaCount: 1, maxReplicaCount: 3 },
  },
};
const service: Committed = {
  path: pathOf("v1", "services", "web"),
  manifest: {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace, labels: { team: "web" } },
    spec: { ports: [{ port: 80, targetPort: 9898 }], type: "LoadBalancer" },
  },
};

const hasPods = (kind: TargetName) => kind in podTargets;

function canaryOf(kind: TargetName): Committed {
  const targetRef = { apiVersion: apiVersionOf(targetResources[kind]), kind: targetResources[kind].kind, name: "web" };
  const autoscalerRef = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", name: "web" } as const;
  const scaled = hasPods(kind) && kind !== "DaemonSet" ? { autoscalerRef } : {};
  const provider = kind === "Knative Service" ? { provider: "knative" } : {};
  const canaryPod: CanaryAnalysis["canaryPod"] = { tolerations: [{ key: "spot", operator: "Exists" }] };
  const spec = { targetRef, ...scaled, ...provider, revertOnDeletion: true };
  const manifest = podinfoCanary(hasPods(kind) ? { canaryPod } : {}, spec);
  return { path: pathOf("flagger.app/v1beta1", "canaries", name), manifest };
}

describe("a tool that applies Git all the time", () => {
  const lab = withLab();

  async function start(kind: TargetName, o: { replicas?: number } = {}) {
    const { sim, client } = lab();
    await sim.apply(...customWorkloadDefinitions, customDefinition(scaledObjectKind.resource), ...knativeDefinitions);
    const others = [startCustomWorkloads(client), startKnative(client)];
    const git = createGitops(client);
    const apex = hasPods(kind) ? [service] : [];
    await git.commit(config("blue"), scaledObject, targetIn(kind, "v1", o), ...apex, canaryOf(kind));
    const controller = await lab().startController();
    return {
      git,
      async stop() {
        await git.stop();
        await controller.stop();
        for (const other of others) await other();
      },
    };
  }

  test.each(kinds)("sees no difference while a %s is initialised, promoted and rolled back", async (kind) => {
    const { git, stop } = await start(kind);
    git.run();
    await lab().phase("Initialized", 20_000);
    await git.commit(targetIn(kind, "v2"), config("red"));
    await lab().phase("Succeeded", 20_000);
    lab().judge(() => "fail");
    await git.commit(targetIn(kind, "v3"));
    await lab().phase("Failed", 20_000);
    const before = git.rounds();
    await waitFor(() => git.rounds() > before + 2);
    await stop();
    expect([...git.drift]).toEqual([]);
  });

  test.each([
    ["Deployment", "spec.replicas"],
    ["Fleet", "spec.size.pods"],
  ] as const)("sees the replicas of a %s, and nothing else, when Git names them", async (kind, field) => {
    const { git, stop } = await start(kind, { replicas: 2 });
    await lab().phase("Initialized", 20_000);
    git.run();
    await waitFor(() => git.rounds() > 2);
    await stop();
    expect([...git.drift]).toEqual([`${targetIn(kind, "v1").path}: ${field}`]);
  });
});
