// The target's fields stay the user's: a tool that applies Git again and again sees no difference during a whole rollout.
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { customWorkloadDefinitions, startCustomWorkloads } from "./testing/custom-workloads.ts";
import { customDefinition } from "./testing/custom-definition.ts";
import { type Committed, createGitops, type Gitops } from "./testing/gitops.ts";
import { knativeDefinitions, startKnative } from "./testing/knative.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

interface Row {
  apiVersion: string;
  plural: string;
  kind: string;
  /** Fields of spec, without replicas: upstream's documents tell users to leave them out. */
  spec: object;
  canary?: object;
}

const selected = { selector: { matchLabels: { app: "web" } } };
const rows: Record<string, Row> = {
  Deployment: {
    apiVersion: "apps/v1",
    plural: "deployments",
    kind: "Deployment",
    spec: { minReadySeconds: 0, ...selected },
  },
  DaemonSet: { apiVersion: "apps/v1", plural: "daemonsets", kind: "DaemonSet", spec: selected },
  StatefulSet: {
    apiVersion: "apps/v1",
    plural: "statefulsets",
    kind: "StatefulSet",
    spec: { serviceName: "web", ...selected },
  },
  CloneSet: { apiVersion: "apps.kruise.io/v1alpha1", plural: "clonesets", kind: "CloneSet", spec: selected },
  "Knative Service": {
    apiVersion: "serving.knative.dev/v1",
    plural: "services",
    kind: "Service",
    spec: {},
    canary: { provider: "knative" },
  },
};

const pathOf = (apiVersion: string, plural: string, of: string) =>
  `/${apiVersion.includes("/") ? "apis" : "api"}/${apiVersion}/namespaces/${namespace}/${plural}/${of}`;

function targetOf({ apiVersion, plural, kind, spec }: Row, o: { image: string; replicas?: number }): Committed {
  const containers = [{ name: "app", image: o.image, envFrom: [{ configMapRef: { name: "web-config" } }] }];
  // A nodeSelector of the user's own stands beside what scaling and the Canary put there.
  const nodeSelector = kind === "Service" ? {} : { nodeSelector: { "kubernetes.io/os": "linux" } };
  const template = {
    metadata: { labels: { app: "web" }, annotations: { "sim.burgee.dev/ready-after": "5ms" } },
    spec: { containers, ...(kind === "DaemonSet" ? nodeSelector : {}) },
  };
  const replicas = o.replicas === undefined ? {} : { replicas: o.replicas };
  const manifest = { apiVersion, kind, metadata: { name: "web", namespace }, spec: { ...replicas, ...spec, template } };
  return { path: pathOf(apiVersion, plural, "web"), manifest };
}

const configMap = (color: string): Committed => ({
  path: pathOf("v1", "configmaps", "web-config"),
  manifest: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web-config", namespace }, data: { color } },
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

function canaryOf(row: Row): Committed {
  const targetRef = { apiVersion: row.apiVersion, kind: row.kind, name: "web" };
  const autoscalerRef = { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", name: "web" } as const;
  const scaled = row.kind === "Service" || row.kind === "DaemonSet" ? {} : { autoscalerRef };
  const pods = row.kind === "Service" ? {} : { canaryPod: { tolerations: [{ key: "spot", operator: "Exists" }] } };
  const spec = { targetRef, ...scaled, revertOnDeletion: true, ...row.canary };
  return { path: pathOf("flagger.app/v1beta1", "canaries", name), manifest: podinfoCanary(pods, spec) };
}

describe("a tool that applies Git all the time", () => {
  const lab = withLab();

  async function start(row: Row, o: { replicas?: number } = {}): Promise<{ git: Gitops; stop: () => Promise<void> }> {
    const { sim, client } = lab();
    const keda = customDefinition({
      group: "keda.sh",
      version: "v1alpha1",
      kind: "ScaledObject",
      plural: "scaledobjects",
    });
    await sim.apply(...customWorkloadDefinitions, keda, ...knativeDefinitions);
    const others = [startCustomWorkloads(client), startKnative(client)];
    const git = createGitops(client);
    const target = targetOf(row, { image: "example.com/web:v1", ...o });
    await git.commit(
      configMap("blue"),
      scaledObject,
      target,
      ...(row.kind === "Service" ? [] : [service]),
      canaryOf(row),
    );
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

  test.each(Object.entries(rows))(
    "sees no difference while a %s is initialised, promoted and rolled back",
    async (_, row) => {
      const { git, stop } = await start(row);
      git.run();
      await lab().phase("Initialized", 20_000);
      await git.commit(targetOf(row, { image: "example.com/web:v2" }), configMap("red"));
      await lab().phase("Succeeded", 20_000);
      lab().judge(() => "fail");
      await git.commit(targetOf(row, { image: "example.com/web:v3" }));
      await lab().phase("Failed", 20_000);
      const before = git.rounds();
      await waitFor(() => git.rounds() > before + 2);
      await stop();
      expect([...git.drift]).toEqual([]);
    },
  );

  test("sees spec.replicas, and nothing else, when Git names them", async () => {
    const row = rows.Deployment ?? expect.fail("no row");
    const { git, stop } = await start(row, { replicas: 2 });
    await lab().phase("Initialized", 20_000);
    git.run();
    await waitFor(() => git.rounds() > 2);
    await stop();
    expect([...git.drift]).toEqual([`${pathOf("apps/v1", "deployments", "web")}: spec.replicas`]);
  });
});
