import { describe, expect, test } from "vitest";
import { canaryOf, deploymentOf } from "../../testing/objects.ts";
import {
  canaryPodAnnotation,
  canaryPodCollision,
  canaryPodProblems,
  userTemplate,
  withCanaryPod,
  withoutCanaryPod,
} from "./canary-pod.ts";
import { daemonSet } from "./daemon-set.ts";
import { deployment } from "./deployment.ts";
import type { PodWorkload } from "./pod-kind.ts";

const tolerations = [{ key: "spot", operator: "Exists" }];
const canaryPod = { nodeSelector: { pool: "spot" }, tolerations };
const canary = canaryOf({}, { canaryPod });
const noted = (put: object) => ({
  metadata: { name: "app", annotations: { [canaryPodAnnotation]: JSON.stringify(put) } },
});

describe("analysis.canaryPod", () => {
  test("is put on the target with a note of what is ours", () => {
    expect(withCanaryPod(deployment, deploymentOf(), canary)).toEqual({
      metadata: { annotations: { [canaryPodAnnotation]: JSON.stringify(canaryPod) } },
      spec: { template: { spec: canaryPod } },
    });
  });

  test("may be called canaryAnalysis.templateVariables, as documents do", () => {
    const alias = canaryOf({}, { canaryAnalysis: { templateVariables: canaryPod } });
    expect(withCanaryPod(deployment, deploymentOf(), alias)).toEqual(withCanaryPod(deployment, deploymentOf(), canary));
  });

  test("is put once", () => {
    expect(withCanaryPod(deployment, deploymentOf(canaryPod, noted(canaryPod)), canary)).toBeUndefined();
    expect(withCanaryPod(deployment, deploymentOf(), canaryOf())).toBeUndefined();
  });

  test("does not count as the user's template, and is taken off as it was put on", () => {
    const target = deploymentOf(canaryPod, noted(canaryPod));
    expect(userTemplate(deployment, target).spec).toEqual({ ...deploymentOf().spec.template.spec, nodeSelector: {} });
    expect(withoutCanaryPod(deployment, target)).toEqual({
      metadata: { annotations: { [canaryPodAnnotation]: null } },
      spec: { template: { spec: { nodeSelector: { pool: null }, tolerations: null } } },
    });
  });

  test("leaves what the user has written there since", () => {
    const theirs = { nodeSelector: { pool: "spot" }, tolerations: [{ key: "theirs", operator: "Exists" }] };
    const target = deploymentOf(theirs, noted(canaryPod));
    expect(userTemplate(deployment, target).spec.tolerations).toEqual(theirs.tolerations);
    expect(withoutCanaryPod(deployment, target)).toMatchObject({
      spec: { template: { spec: { nodeSelector: { pool: null } } } },
    });
    expect(JSON.stringify(withoutCanaryPod(deployment, target))).not.toContain("tolerations");
  });

  test("collides with a field that the user has set otherwise, and not with the same value", () => {
    const theirs = deploymentOf({ nodeSelector: { disk: "ssd" } });
    expect(canaryPodCollision(deployment, theirs, canary)).toBe(
      "spec.analysis.canaryPod.nodeSelector is set by the target, too, expected in one of the two",
    );
    expect(canaryPodCollision(deployment, deploymentOf(canaryPod), canary)).toBeUndefined();
    expect(withCanaryPod(deployment, deploymentOf(canaryPod), canary)).toBeUndefined();
  });

  test("may only say where pods run", () => {
    expect(canaryPodProblems(canary)).toEqual([]);
    const odd = canaryOf({}, { canaryPod: { image: "web:v2", nodeSelector: { pool: 1 } } });
    expect(canaryPodProblems(odd).map(({ path }) => path)).toEqual([
      "spec.analysis.canaryPod.image",
      "spec.analysis.canaryPod.nodeSelector",
    ]);
  });

  test("claims nothing by a note that somebody else wrote", () => {
    const odd = { metadata: { name: "app", annotations: { [canaryPodAnnotation]: "yes" } } };
    expect(userTemplate(deployment, deploymentOf(canaryPod, odd)).spec).toMatchObject(canaryPod);
  });
});

describe("a DaemonSet at rest", () => {
  const agent = (spec: object): PodWorkload => deploymentOf(spec);
  const byLabel = { nodeSelector: { "flagger.app/scale-to-zero": "true" } };
  const terms = [{ matchExpressions: [{ key: "flagger.app/scale-to-zero", operator: "Exists" }] }];
  const byAffinity = {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  };
  const os = { nodeSelector: { "kubernetes.io/os": "linux" } };
  const podAffinity = { affinity: { podAffinity: {} } };

  test.each([
    ["by upstream's node selector", {}, byLabel],
    ["by node affinity when the user has a node selector", os, byAffinity],
    ["beside the user's other affinity", { ...os, ...podAffinity }, byAffinity],
  ])("rests %s", (_title, user, patch) => {
    expect(daemonSet.scale(agent(user), 0)).toEqual({ spec: { template: { spec: patch } } });
  });

  test.each([
    ["a node selector", byLabel, { nodeSelector: { "flagger.app/scale-to-zero": null } }],
    ["node affinity", { ...os, ...byAffinity }, { affinity: null }],
    [
      "node affinity beside other affinity",
      { affinity: { ...byAffinity.affinity, podAffinity: {} } },
      { affinity: { nodeAffinity: null } },
    ],
  ])("is woken from %s", (_title, resting, patch) => {
    expect(daemonSet.replicas(agent(resting))).toBe(0);
    expect(daemonSet.scale(agent(resting), 1)).toEqual({ spec: { template: { spec: patch } } });
    expect(JSON.stringify(daemonSet.template(agent(resting)))).not.toContain("scale-to-zero");
  });
});
