import { describe, expect, test } from "vitest";
import { canaryOf, deploymentOf } from "../../testing/objects.ts";
import { deployment } from "./deployment.ts";
import type { PodWorkload } from "./pod-kind.ts";
import * as copies from "./primary-copy.ts";
import type { CopyContext } from "./primary-copy.ts";
import { replicasFromZero } from "./replicas.ts";

const newPrimary = (target: PodWorkload, context: CopyContext) => copies.newPrimary(deployment, target, context);
const promotedPrimary = (primary: PodWorkload, target: PodWorkload, context: CopyContext) =>
  copies.promotedPrimary(deployment, { primary, target }, context);
const isCopyOf = (primary: PodWorkload, target: PodWorkload, context: CopyContext) =>
  copies.isCopyOf(deployment, { primary, target }, context);

const context = (o: Partial<CopyContext> = {}): CopyContext => ({
  canary: canaryOf(),
  label: { key: "app", value: "app" },
  selectorLabels: ["app", "name", "app.kubernetes.io/name"],
  labelPrefixes: [],
  trackedConfigs: {},
  revision: "t1-r2",
  release: "release-2",
  ...o,
});
const target = () =>
  deploymentOf(
    {},
    {
      metadata: {
        name: "app",
        namespace: "test",
        labels: { app: "app", team: "web", "kustomize.toolkit.fluxcd.io/name": "apps" },
        annotations: { note: "kept", "kustomize.toolkit.fluxcd.io/checksum": "x" },
      },
    },
  );

describe("the primary", () => {
  test("is created from the target, under its own name and selector, owned by the Canary", () => {
    const primary = newPrimary(target(), context());
    expect(primary.metadata).toEqual({
      name: "app-primary",
      namespace: "test",
      labels: { app: "app-primary" },
      annotations: { note: "kept", "burgee.dev/release": "release-2" },
      ownerReferences: [
        {
          apiVersion: "flagger.app/v1beta1",
          kind: "Canary",
          name: "app",
          uid: "uid-1",
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    });
    expect(primary.spec.selector).toEqual({ matchLabels: { app: "app-primary" } });
    expect(primary.spec.template.metadata?.labels).toEqual({ app: "app-primary" });
    expect(primary.spec.replicas).toBe(2);
  });

  test("has one replica when the target has none", () => {
    const resting = target();
    resting.spec.replicas = 0;
    expect(newPrimary(resting, context()).spec.replicas).toBe(1);
  });

  test("copies labels and annotations by prefix", () => {
    const primary = newPrimary(target(), context({ labelPrefixes: ["te"] }));
    expect(primary.metadata.labels).toEqual({ team: "web", app: "app-primary" });
    expect(newPrimary(target(), context({ labelPrefixes: ["*"] })).metadata.labels).toEqual({
      team: "web",
      app: "app-primary",
    });
  });

  test("tells its pods that they are the primary; the target's template stays the user's", () => {
    const user = target();
    const before = structuredClone(user);
    const primary = newPrimary(user, context());
    expect(primary.spec.template.spec.containers[0]?.env).toEqual([
      { name: "BURGEE_RELEASE_ROLE", value: "primary" },
      { name: "BURGEE_RELEASE_REVISION", value: "t1-r2" },
    ]);
    expect(user).toEqual(before);
  });

  test("refers to the copies of tracked configs only", () => {
    const user = target();
    user.spec.template.spec.containers[0] = {
      name: "web",
      envFrom: [{ configMapRef: { name: "tracked" } }, { secretRef: { name: "untracked" } }],
    };
    const primary = newPrimary(user, context({ trackedConfigs: { "configmap/tracked": "x" } }));
    expect(primary.spec.template.spec.containers[0]?.envFrom).toEqual([
      { configMapRef: { name: "tracked-primary" } },
      { secretRef: { name: "untracked" } },
    ]);
  });

  test("keeps away from its own pods, not from the target's", () => {
    const user = target();
    const selector = {
      matchExpressions: [{ key: "app", operator: "In", values: ["other", "app"] }],
      matchLabels: { name: "app" },
    };
    user.spec.template.spec.topologySpreadConstraints = [{ labelSelector: structuredClone(selector) }];
    user.spec.template.spec.affinity = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: structuredClone(selector) }],
        preferredDuringSchedulingIgnoredDuringExecution: [
          { podAffinityTerm: { labelSelector: structuredClone(selector) } },
        ],
      },
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: structuredClone(selector) }] },
    };
    const { spec } = newPrimary(user, context()).spec.template;
    const primary = {
      matchExpressions: [{ key: "app", operator: "In", values: ["other", "app-primary"] }],
      matchLabels: { name: "app-primary" },
    };
    expect(spec.topologySpreadConstraints).toEqual([{ labelSelector: primary }]);
    expect(spec.affinity).toEqual({
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: primary }],
        preferredDuringSchedulingIgnoredDuringExecution: [{ podAffinityTerm: { labelSelector: primary } }],
      },
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: selector }] },
    });
  });

  test("restarts its pods once per release: the same release is the same template", () => {
    const first = promotedPrimary(newPrimary(target(), context()), target(), context({ release: "release-3" }));
    const again = promotedPrimary(first, target(), context({ release: "release-3" }));
    expect(again).toEqual(first);
    const id = (d: PodWorkload) => d.spec.template.metadata?.annotations?.["flagger-id"];
    expect(id(first)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(id(first)).not.toBe(id(newPrimary(target(), context())));
  });

  test("takes the target's settings at promotion, its replicas only without an autoscaler and never zero", () => {
    const existing = newPrimary(target(), context());
    const changed = target();
    changed.spec = { ...changed.spec, replicas: 5, minReadySeconds: 7, strategy: { type: "Recreate" } };
    const promoted = promotedPrimary(existing, changed, context());
    expect(promoted.spec).toMatchObject({ replicas: 5, minReadySeconds: 7, strategy: { type: "Recreate" } });
    const autoscalerRef = { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "app" } as const;
    expect(promotedPrimary(existing, changed, context({ canary: canaryOf({ autoscalerRef }) })).spec.replicas).toBe(2);
    changed.spec.replicas = 0;
    expect(promotedPrimary(existing, changed, context()).spec.replicas).toBe(2);
  });

  test("is recognised as a copy whoever made it, and not when the template differs", () => {
    const upstreams = newPrimary(target(), context());
    for (const container of upstreams.spec.template.spec.containers) delete container.env;
    const { metadata } = upstreams.spec.template;
    if (metadata?.annotations !== undefined) metadata.annotations["flagger-id"] = "random";
    expect(isCopyOf(upstreams, target(), context())).toBe(true);
    expect(isCopyOf(upstreams, deploymentOf({ containers: [{ name: "web", image: "web:v2" }] }), context())).toBe(
      false,
    );
  });
});

describe("a target scaled up from zero gets", () => {
  const cases: Record<string, [Parameters<typeof replicasFromZero>[0], number]> = {
    "what it has": [{ current: 3, autoscalerMinimum: 5, hasAutoscaler: true, primary: 1 }, 3],
    "the autoscaler's minimum": [{ current: 0, autoscalerMinimum: 5, hasAutoscaler: true, primary: 9 }, 5],
    "one replica when the autoscaler names no minimum": [
      { current: 0, autoscalerMinimum: undefined, hasAutoscaler: true, primary: 9 },
      1,
    ],
    "the primary's replicas": [{ current: 0, autoscalerMinimum: undefined, hasAutoscaler: false, primary: 4 }, 4],
    "one replica at least": [{ current: 0, autoscalerMinimum: undefined, hasAutoscaler: false, primary: 0 }, 1],
  };
  test.each(Object.entries(cases))("%s", (_title, [input, replicas]) => {
    expect(replicasFromZero(input)).toBe(replicas);
  });
});
