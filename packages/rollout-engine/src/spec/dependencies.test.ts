import type { CanarySpec } from "@burgee/contracts/crd";
import { expect, test } from "vitest";
import { canaryWith } from "../testing/canary.ts";
import { problemText } from "./problem.ts";
import { rolloutSpecFromCanary } from "./rollout-spec-from-canary.ts";

const read = (dependsOn: CanarySpec["dependsOn"]) =>
  rolloutSpecFromCanary(canaryWith({ stepWeight: 10 }, dependsOn === undefined ? {} : { dependsOn }), {
    provider: "gatewayapi:v1",
    minIntervalMs: 1000,
    clusterName: "eu-1",
  });

const cases: Readonly<Record<string, { dependsOn: CanarySpec["dependsOn"]; is: unknown }>> = {
  "a Canary depends on none": { dependsOn: undefined, is: undefined },
  "a dependency is in the same namespace": {
    dependsOn: [{ name: "db" }],
    is: [{ name: "db", namespace: "test" }],
  },
  "or in the named one, of the controller's own cluster": {
    dependsOn: [{ name: "app", namespace: "eu", cluster: "eu-1" }],
    is: [{ name: "app", namespace: "eu" }],
  },
  "another cluster cannot be seen": {
    dependsOn: [{ name: "app", namespace: "eu", cluster: "us-1" }],
    is: [
      'spec.dependsOn[0].cluster is "us-1", expected no cluster, or "eu-1": this controller sees the canaries of its own cluster (--cluster-name) only',
    ],
  },
  "a Canary cannot wait for itself": {
    dependsOn: [{ name: "app" }],
    is: ['spec.dependsOn[0].name is "app", expected the name of another canary'],
  },
};

for (const [name, { dependsOn, is }] of Object.entries(cases)) {
  test(name, () => {
    const result = read(dependsOn);
    expect("spec" in result ? result.spec.dependsOn : result.problems.map(problemText)).toEqual(is);
  });
}
