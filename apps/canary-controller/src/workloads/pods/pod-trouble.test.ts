import type { Pod } from "@burgee/kube";
import { expect, test } from "vitest";
import type { PodWorkload } from "./pod-kind.ts";
import { creationTrouble, podTrouble } from "./pod-trouble.ts";

type Status = NonNullable<Pod["status"]>;
const pod = (status: Status, name = "web-1"): Pod => ({
  metadata: { name, namespace: "shop" },
  spec: { containers: [{ name: "app", image: "web:v2" }] },
  status,
});
const container = (state: object, ready = false) => ({ name: "app", ready, restartCount: 4, image: "web:v2", state });
const running = container({ running: {} }, true);

const cases: Record<string, { status: Status; says: string | undefined }> = {
  "a pod that is ready has no trouble": { status: { containerStatuses: [running] }, says: undefined },
  "one that is being made has none yet": {
    status: { containerStatuses: [container({ waiting: { reason: "ContainerCreating" } })] },
    says: undefined,
  },
  "one that no node takes": {
    status: {
      conditions: [
        {
          type: "PodScheduled",
          status: "False",
          reason: "Unschedulable",
          message: "0/3 nodes are available: 3 Insufficient cpu.",
        },
      ],
    },
    says: "pod web-1 cannot be scheduled (0/3 nodes are available: 3 Insufficient cpu.): add nodes, or ask for less",
  },
  "an init container that cannot start": {
    status: {
      initContainerStatuses: [
        {
          ...container({ waiting: { reason: "CreateContainerConfigError", message: 'secret "db" not found' } }),
          name: "migrate",
        },
      ],
      containerStatuses: [container({ waiting: { reason: "PodInitializing" } })],
    },
    says: 'container migrate of pod web-1 cannot be started (CreateContainerConfigError: secret "db" not found): correct what it refers to',
  },
  "a registry's address with a password in it": {
    status: {
      containerStatuses: [
        container({ waiting: { reason: "ErrImagePull", message: "GET https://me:hunter22@registry/web" } }),
      ],
    },
    says: "the image web:v2 of container app of pod web-1 cannot be pulled (ErrImagePull: GET https://***@registry/web): correct the image, or imagePullSecrets",
  },
};

test.each(Object.entries(cases))("%s", (_sentence, { status, says }) => {
  expect(podTrouble([pod(status)])).toBe(says);
});

test("a pod that goes is nobody's trouble", () => {
  const going = pod({ containerStatuses: [container({ waiting: { reason: "ErrImagePull" } })] });
  going.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
  expect(podTrouble([going])).toBeUndefined();
});

test("pods that a policy refuses", () => {
  const message = "admission webhook refuses it";
  const condition = { type: "ReplicaFailure", status: "True" as const, reason: "FailedCreate", message };
  const workload: PodWorkload = {
    metadata: { name: "web", namespace: "shop" },
    spec: { selector: {}, template: { spec: { containers: [] } } },
    status: { conditions: [condition] },
  };
  expect(creationTrouble(workload)).toBe(
    "pods cannot be created: admission webhook refuses it: change what refuses them, or the pod template",
  );
});
