// What every kind of workload with pods must do, and what it makes of a target of its own.
import { describe, expect, test } from "vitest";
import { canaryOf } from "../../testing/objects.ts";
import { custom } from "./custom.ts";
import { daemonSet } from "./daemon-set.ts";
import { deployment } from "./deployment.ts";
import type { PodKind, PodWorkload, PodWorkloadStatus } from "./pod-kind.ts";
import { type CopyContext, isCopyOf, newPrimary, promotedPrimary } from "./primary-copy.ts";
import { statefulSet } from "./stateful-set.ts";

interface Row {
  kind: PodKind;
  ref: { apiVersion: string; kind: string };
  /** Fields of spec that the primary takes over. */
  settings: object;
  /** Others, which it does not. */
  others: object;
  ready: PodWorkloadStatus;
  /** Fewer pods than that are ready. */
  late: PodWorkloadStatus;
}

const counts = { replicas: 2, updatedReplicas: 2, readyReplicas: 2, availableReplicas: 2 };
const rows: Record<string, Row> = {
  Deployment: {
    kind: deployment,
    ref: { apiVersion: "apps/v1", kind: "Deployment" },
    settings: { progressDeadlineSeconds: 60, minReadySeconds: 1, strategy: { type: "Recreate" } },
    others: { paused: true },
    ready: counts,
    late: { ...counts, availableReplicas: 1 },
  },
  DaemonSet: {
    kind: daemonSet,
    ref: { apiVersion: "apps/v1", kind: "DaemonSet" },
    settings: { updateStrategy: { type: "RollingUpdate" }, minReadySeconds: 1, revisionHistoryLimit: 3 },
    others: {},
    ready: { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 2 },
    late: { desiredNumberScheduled: 2, updatedNumberScheduled: 2, numberAvailable: 1 },
  },
  StatefulSet: {
    kind: statefulSet,
    ref: { apiVersion: "apps/v1", kind: "StatefulSet" },
    settings: {
      minReadySeconds: 1,
      podManagementPolicy: "Parallel",
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
    },
    others: {},
    ready: counts,
    late: { ...counts, availableReplicas: 1 },
  },
  CloneSet: {
    kind: custom,
    ref: { apiVersion: "apps.kruise.io/v1alpha1", kind: "CloneSet" },
    settings: { updateStrategy: { type: "InPlaceIfPossible" }, scaleStrategy: { maxUnavailable: 1 } },
    others: { paused: true },
    ready: counts,
    late: { ...counts, availableReplicas: 1 },
  },
};

function workload(row: Row, o: { image?: string; spec?: object; status?: PodWorkloadStatus } = {}): PodWorkload {
  const { image = "web:v1", spec = {}, status = row.ready } = o;
  return {
    ...row.ref,
    metadata: {
      name: "app",
      namespace: "test",
      generation: 2,
      labels: { app: "app", team: "web", "kustomize.toolkit.fluxcd.io/name": "apps" },
      annotations: { note: "kept", "helm.toolkit.fluxcd.io/x": "y" },
    },
    spec: {
      ...(row.kind.replicasPath === undefined ? {} : { replicas: 2 }),
      ...row.settings,
      ...row.others,
      selector: { matchLabels: { app: "app", tier: "front" } },
      template: {
        metadata: { labels: { app: "app", tier: "front", "kustomize.toolkit.fluxcd.io/name": "apps" } },
        spec: { containers: [{ name: "web", image, envFrom: [{ configMapRef: { name: "settings" } }] }] },
      },
      ...spec,
    },
    status: { observedGeneration: 2, ...status },
  };
}

const context: CopyContext = {
  canary: canaryOf(),
  label: { key: "app", value: "app" },
  selectorLabels: ["app"],
  labelPrefixes: ["te"],
  trackedConfigs: { "configmap/settings": "1" },
  revision: "t1-1",
  release: "one",
};
const limits = { thresholdPercent: 100, progressDeadlineMs: 600_000, now: 1_000_000, since: 900_000 };

/** As the API does it, for what scaling writes. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const result: Record<string, unknown> = { ...(typeof target === "object" ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}
const isWorkload = (value: unknown): value is PodWorkload =>
  typeof value === "object" && value !== null && "spec" in value;
function patched(target: PodWorkload, patch: object | undefined): PodWorkload {
  const after = mergePatch(target, patch ?? {});
  if (!isWorkload(after)) throw new Error("the patch destroys the object");
  return after;
}

describe.each(Object.entries(rows))("a %s", (_name, row) => {
  const { kind } = row;

  test("is what its reference names", () => {
    expect(kind.matches(row.ref)).toBe(true);
    expect(kind.problem(workload(row))).toBeUndefined();
  });

  test("gets a primary with a name, a selector and labels of its own that the Canary owns", () => {
    const { metadata, spec } = newPrimary(kind, workload(row), context);
    expect(metadata).toMatchObject({
      name: "app-primary",
      labels: { app: "app-primary", team: "web" },
      annotations: { note: "kept", "burgee.dev/release": "one" },
      ownerReferences: [{ kind: "Canary", name: "app", controller: true, blockOwnerDeletion: true }],
    });
    expect(Object.keys({ ...metadata.labels, ...metadata.annotations }).join()).not.toContain("toolkit.fluxcd.io");
    expect(spec.selector).toEqual({ matchLabels: { app: "app-primary" } });
    expect(spec.template.metadata?.labels).toEqual({ app: "app-primary", tier: "front" });
    expect(spec.template.spec.containers[0]?.envFrom).toEqual([{ configMapRef: { name: "settings-primary" } }]);
    expect(spec).toMatchObject(row.settings);
    for (const other of Object.keys(row.others)) expect(spec).not.toHaveProperty(other);
    expect(spec.replicas).toBe(kind.replicasPath === undefined ? undefined : 2);
  });

  test("is promoted with its template and settings, once per release", () => {
    const primary = newPrimary(kind, workload(row), context);
    const target = workload(row, { image: "web:v2", spec: { minReadySeconds: 9 } });
    const promoted = promotedPrimary(kind, { primary, target }, { ...context, release: "two" });
    expect(promoted.spec.template.spec.containers[0]?.image).toBe("web:v2");
    expect(promoted.spec).toMatchObject({ minReadySeconds: 9, selector: primary.spec.selector });
    expect(promoted.metadata.labels).toEqual({ app: "app-primary", team: "web" });
    expect(promotedPrimary(kind, { primary: promoted, target }, { ...context, release: "two" })).toEqual(promoted);
    expect(isCopyOf(kind, { primary: promoted, target }, context)).toBe(true);
    expect(isCopyOf(kind, { primary, target }, context)).toBe(false);
  });

  test("is taken to rest and back by a patch that leaves everything else and its template's meaning alone", () => {
    const target = workload(row);
    const resting = patched(target, kind.scale(target, 0));
    expect(kind.replicas(resting)).toBe(0);
    expect(kind.scale(resting, 0)).toBeUndefined();
    expect(kind.template(resting).spec).toMatchObject(target.spec.template.spec);
    expect(Object.keys(kind.template(resting).spec.nodeSelector ?? {})).toEqual([]);
    const back = patched(resting, kind.scale(resting, 2));
    expect(kind.replicas(back)).toBe(kind.replicas(target));
    expect(kind.template(back).spec).toMatchObject(target.spec.template.spec);
  });

  test("is ready when its updated pods are, as far as the threshold asks for", () => {
    expect(kind.readiness(workload(row), limits)).toEqual({ ready: true });
    const late = workload(row, { status: row.late });
    expect(kind.readiness(late, limits)).toMatchObject({
      ready: false,
      retriable: true,
      message: expect.stringMatching(/^waiting for rollout to finish: 1 of 2 \(readyThreshold 100%\) updated/),
    });
    expect(kind.readiness(late, { ...limits, thresholdPercent: 50 })).toEqual({ ready: true });
    const unseen = workload(row, { status: { ...row.ready, observedGeneration: 1 } });
    expect(kind.readiness(unseen, limits)).toMatchObject({ ready: false, retriable: true });
  });
});

const withoutProgressCondition = Object.entries(rows).filter(([name]) => name !== "Deployment");
test.each(withoutProgressCondition)(
  "a %s is without hope once the deadline has passed since the Canary's last step",
  (_name, row) => {
    const late = workload(row, { status: row.late });
    expect(row.kind.readiness(late, { ...limits, since: 100_000 })).toEqual({
      ready: false,
      retriable: false,
      message: "exceeded its progressDeadlineSeconds: 600",
    });
  },
);

describe("what cannot be rolled out is told", () => {
  const onDelete = { updateStrategy: { type: "OnDelete" } };
  const volume = { name: "data", persistentVolumeClaim: { claimName: "shared" } };
  const containers = [{ name: "web", image: "web:v1" }];
  const cases: [string, keyof typeof rows, object, RegExp][] = [
    [
      "a DaemonSet that is updated by hand",
      "DaemonSet",
      onDelete,
      /^daemonset app.test must have RollingUpdate strategy but have OnDelete$/,
    ],
    ["a StatefulSet that is updated by hand", "StatefulSet", onDelete, /must have RollingUpdate strategy/],
    [
      "a StatefulSet that shares a claim",
      "StatefulSet",
      { template: { spec: { containers, volumes: [volume] } } },
      /claim shared by volume data/,
    ],
    ["a custom object without pods", "CloneSet", { template: undefined }, /spec.template/],
  ];
  test.each(cases)("%s", (_title, name, spec, problem) => {
    const row = rows[name];
    if (row === undefined) throw new Error(name);
    expect(row.kind.problem(workload(row, { spec }))).toMatch(problem);
  });
});

test("what holds back pods of a custom workload is not the primary's", () => {
  const row = rows.CloneSet;
  if (row === undefined) throw new Error("no row");
  const held = { type: "InPlaceIfPossible", partition: 1, paused: true };
  const target = workload(row, { spec: { updateStrategy: { ...held, rollingUpdate: { partition: 1, maxSurge: 2 } } } });
  const strategies = [
    newPrimary(custom, target, context),
    promotedPrimary(custom, { primary: target, target }, context),
  ].map((primary) => Reflect.get(primary.spec, "updateStrategy"));
  const whole = { type: "InPlaceIfPossible", rollingUpdate: { maxSurge: 2 } };
  expect(strategies).toEqual([whole, whole]);
});

describe("a StatefulSet", () => {
  const row = rows.StatefulSet;
  if (row === undefined) throw new Error("no row");
  const partitioned = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } };

  test("is ready when the pods from its partition on are updated, one at least", () => {
    const status = { ...counts, updatedReplicas: 1 };
    expect(statefulSet.readiness(workload(row, { spec: partitioned, status }), limits)).toEqual({ ready: true });
    expect(statefulSet.readiness(workload(row, { status }), limits)).toMatchObject({ ready: false });
    const none = { updateStrategy: { rollingUpdate: { partition: 5 } } };
    const held = workload(row, { spec: none, status: { ...counts, updatedReplicas: 0 } });
    expect(statefulSet.readiness(held, limits)).toMatchObject({ ready: false, retriable: true });
  });

  test("waits for pods that are created one after the other", () => {
    const first = workload(row, { status: { replicas: 1, updatedReplicas: 2, availableReplicas: 1 } });
    expect(statefulSet.readiness(first, limits)).toMatchObject({
      message: "waiting for rollout to finish: 1 out of 2 pods have been created in order",
    });
  });

  test("gets a primary that is updated whole, found through the primary's Service, with claims that never change", () => {
    const primary = newPrimary(statefulSet, workload(row, { spec: partitioned }), context);
    expect(primary.spec).toMatchObject({ serviceName: "app-primary", updateStrategy: { type: "RollingUpdate" } });
    expect(JSON.stringify(primary.spec)).not.toContain("partition");
    const target = workload(row, { spec: { volumeClaimTemplates: [], serviceName: "other" } });
    expect(promotedPrimary(statefulSet, { primary, target }, context).spec).toMatchObject({
      serviceName: "app-primary",
      volumeClaimTemplates: [{ metadata: { name: "data" } }],
    });
  });
});
