import type { Deployment } from "@burgee/kube";
import { describe, expect, test } from "vitest";
import { deploymentOf } from "../../testing/objects.ts";
import { deploymentReadiness } from "./deployment-readiness.ts";

const now = Date.parse("2026-01-01T01:00:00Z");
type Row = {
  generation?: number;
  replicas?: number;
  status: NonNullable<Deployment["status"]>;
  thresholdPercent?: number;
};
const settled = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };
const starved = (lastUpdateTime: string) => [
  { type: "Progressing", status: "True", reason: "ReplicaSetUpdated" },
  { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", lastUpdateTime },
];

const cases: Record<string, { row: Row; is: ReturnType<typeof deploymentReadiness> }> = {
  "ready when all updated replicas are available": { row: { status: settled }, is: { ready: true } },
  "ready with zero replicas": {
    row: { replicas: 0, status: { observedGeneration: 2 } },
    is: { ready: true },
  },
  "not ready before the controller has seen it": {
    row: { generation: 3, status: settled },
    is: {
      ready: false,
      retriable: true,
      message: "waiting for rollout to finish: observed deployment generation less than desired generation",
    },
  },
  "hopeless once its own progress deadline is exceeded": {
    row: {
      status: {
        ...settled,
        conditions: [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }],
      },
    },
    is: { ready: false, retriable: false, message: 'deployment "app" exceeded its progress deadline' },
  },
  "not ready while replicas are updated": {
    row: { status: { ...settled, updatedReplicas: 1 } },
    is: {
      ready: false,
      retriable: true,
      message: "waiting for rollout to finish: 1 out of 2 new replicas have been updated",
    },
  },
  "not ready while old replicas are pending termination": {
    row: { status: { ...settled, replicas: 3 } },
    is: {
      ready: false,
      retriable: true,
      message: "waiting for rollout to finish: 1 old replicas are pending termination",
    },
  },
  "not ready below the threshold": {
    row: { status: { ...settled, availableReplicas: 1 } },
    is: {
      ready: false,
      retriable: true,
      message: "waiting for rollout to finish: 1 of 2 (readyThreshold 100%) updated replicas are available",
    },
  },
  "ready at a lower threshold": {
    row: { status: { ...settled, availableReplicas: 1 }, thresholdPercent: 50 },
    is: { ready: true },
  },
  "ready with one available replica at threshold 0": {
    row: { status: { ...settled, availableReplicas: 1 }, thresholdPercent: 0 },
    is: { ready: true },
  },
  "not ready without any available replica, whatever the threshold": {
    row: { status: { ...settled, availableReplicas: 0 }, thresholdPercent: 0 },
    is: {
      ready: false,
      retriable: true,
      message: "waiting for rollout to finish: 0 of 1 (readyThreshold 0%) updated replicas are available",
    },
  },
  "ready without replicas": {
    row: { replicas: 0, status: { ...settled, replicas: 0, updatedReplicas: 0, availableReplicas: 0 } },
    is: { ready: true },
  },
  "patient within the progress deadline": {
    row: { status: { ...settled, availableReplicas: 0, conditions: starved("2026-01-01T00:55:00Z") } },
    is: {
      ready: false,
      retriable: true,
      message: "waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
    },
  },
  "hopeless after the progress deadline": {
    row: { status: { ...settled, availableReplicas: 0, conditions: starved("2026-01-01T00:45:00Z") } },
    is: {
      ready: false,
      retriable: false,
      message: "waiting for rollout to finish: 0 of 2 (readyThreshold 100%) updated replicas are available",
    },
  },
};

describe("a Deployment is", () => {
  test.each(Object.entries(cases))("%s", (_title, { row, is }) => {
    const { generation = 2, replicas = 2, status, thresholdPercent = 100 } = row;
    const deployment = deploymentOf({}, { metadata: { name: "app", generation }, status });
    deployment.spec.replicas = replicas;
    expect(
      deploymentReadiness(deployment, { thresholdPercent, progressDeadlineMs: 600_000, now, since: undefined }),
    ).toEqual(is);
  });
});
