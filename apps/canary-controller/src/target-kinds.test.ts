// Whole rollouts of every kind of target with pods.
import { resource } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { customWorkloadDefinitions, startCustomWorkloads } from "./testing/custom-workloads.ts";
import { withLab } from "./testing/with-lab.ts";
import type { PodWorkload } from "./workloads/pods/pod-kind.ts";

interface Row {
  apiVersion: string;
  plural: string;
  settings: object;
  /** Whether it has spec.replicas. */
  counted: boolean;
  isAtRest: (target: PodWorkload) => boolean;
}

const withoutReplicas = ({ spec }: PodWorkload) => spec.replicas === 0;
const rows: Record<string, Row> = {
  DaemonSet: {
    apiVersion: "apps/v1",
    plural: "daemonsets",
    settings: {},
    counted: false,
    isAtRest: ({ spec }) => spec.template.spec.nodeSelector?.["flagger.app/scale-to-zero"] === "true",
  },
  StatefulSet: {
    apiVersion: "apps/v1",
    plural: "statefulsets",
    settings: {
      serviceName: "pods",
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Mi" } } },
        },
      ],
    },
    counted: true,
    isAtRest: withoutReplicas,
  },
  CloneSet: {
    apiVersion: "apps.kruise.io/v1alpha1",
    plural: "clonesets",
    settings: { updateStrategy: { type: "InPlaceIfPossible" } },
    counted: true,
    isAtRest: withoutReplicas,
  },
};

const config = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web-config", namespace }, data: { a: "1" } };

function target(kind: string, { apiVersion, settings, counted }: Row): object {
  return {
    apiVersion,
    kind,
    metadata: { name: "web", namespace, labels: { app: "web" } },
    spec: {
      ...(counted ? { replicas: 2 } : {}),
      ...settings,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" }, annotations: { "sim.burgee.dev/ready-after": "10ms" } },
        spec: {
          containers: [
            { name: "app", image: "example.com/web:v1", envFrom: [{ configMapRef: { name: "web-config" } }] },
          ],
        },
      },
    },
  };
}

describe.each(Object.entries(rows))("a %s", (kind, row) => {
  const lab = withLab();
  const [group = "", version = ""] = row.apiVersion.split("/");
  const workloads = resource<PodWorkload>(group, version, row.plural, kind);
  const read = (of: string) => lab().client.get(workloads, { namespace, name: of });
  const image = async (of: string) => (await read(of)).spec.template.spec.containers[0]?.image;

  async function initialized(o: { revertOnDeletion?: boolean } = {}): Promise<() => Promise<void>> {
    const { sim, client } = lab();
    await sim.apply(...customWorkloadDefinitions, config, target(kind, row));
    const stopCustomWorkloads = startCustomWorkloads(client);
    const targetRef = { apiVersion: row.apiVersion, kind, name: "web" };
    await sim.apply(
      podinfoCanary({ canaryPod: { nodeSelector: {}, priorityClassName: "spare" } }, { targetRef, ...o }),
    );
    await lab().startController();
    await lab().phase("Initialized", 20_000);
    return stopCustomWorkloads;
  }
  const release = () => {
    const patch = [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: "example.com/web:v2" }];
    return lab().client.patch(workloads, { namespace, name: "web" }, patch, { type: "json" });
  };

  test("is promoted: its primary gets the new revision, then it rests again", async () => {
    const stop = await initialized();
    expect(row.isAtRest(await read("web"))).toBe(true);
    expect(await image("web-primary")).toBe("example.com/web:v1");
    const primary = await read("web-primary");
    expect(primary.spec.selector).toEqual({ matchLabels: { app: "web-primary" } });
    lab().judge((request) => (request.weight < 50 ? "pass" : "silent"));
    await release();
    await waitFor(() => lab().requests.some((request) => request.weight === 50), { timeoutMs: 20_000 });
    const running = await read("web");
    expect(row.isAtRest(running)).toBe(false);
    expect(running.spec.template.spec.priorityClassName).toBe("spare");
    lab().judge(() => "pass");
    await lab().answer(lab().requests.at(-1) ?? fail("no request"), "pass");
    const { status } = await lab().phase("Succeeded", 20_000);
    expect(status).toMatchObject({ run: 1, trackedConfigs: { "configmap/web-config": expect.any(String) } });
    const promoted = await read("web-primary");
    expect(promoted.spec.template.spec.containers[0]).toMatchObject({
      image: "example.com/web:v2",
      envFrom: [{ configMapRef: { name: "web-config-primary" } }],
    });
    expect(promoted.spec.template.spec.priorityClassName).toBeUndefined();
    const resting = await read("web");
    expect(row.isAtRest(resting)).toBe(true);
    expect(resting.spec.template.spec.priorityClassName).toBeUndefined();
    await stop();
  });

  test("is rolled back: the primary keeps the old revision, and the target rests", async () => {
    const stop = await initialized();
    lab().judge(() => "fail");
    await release();
    await lab().phase("Failed", 20_000);
    expect(await image("web-primary")).toBe("example.com/web:v1");
    await waitFor(async () => row.isAtRest(await read("web")));
    await stop();
  });

  test("serves for itself again when its Canary is deleted", async () => {
    const stop = await initialized({ revertOnDeletion: true });
    await lab().client.delete(canaries, { namespace, name });
    await waitFor(async () => (await lab().client.tryGet(canaries, { namespace, name })) === undefined, {
      timeoutMs: 20_000,
    });
    expect(row.isAtRest(await read("web"))).toBe(false);
    await stop();
  });
});

function fail(message: string): never {
  throw new Error(message);
}
