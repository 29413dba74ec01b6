import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definitions, type KubectlSession, root, startKubectlSession, words } from "./kubectl-session.ts";

let session: KubectlSession;
beforeAll(async () => {
  session = await startKubectlSession();
});
afterAll(() => session.stop());

const kubectl = (command: string, input?: string): Promise<string> => session.kubectl(command, input);

const canary = `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: shop}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}
  service: {port: 80}
  analysis: {interval: 10s, threshold: 5, maxWeight: 50, stepWeight: 10}
`;

describe("kubectl with our kinds", () => {
  it("explains them from their schemas", async () => {
    expect(await kubectl("explain canary.spec.analysis")).toContain("FIELDS:");
    expect(await kubectl("explain httproute.spec.rules.backendRefs")).toContain("weight");
  });

  it("applies, lists and describes them", async () => {
    expect(await kubectl("apply -f -", canary)).toContain("canary.flagger.app/shop created");
    expect(await kubectl("get canaries")).toContain("shop");
    expect(await kubectl("describe canary shop")).toContain("Kind:         Canary");
    await kubectl(
      `patch canary shop --subresource=status --type=merge -p '{"status":{"phase":"Initialized","canaryWeight":0,"failedChecks":0,"iterations":0}}'`,
    );
    expect(await kubectl("get canary shop -o jsonpath={.status.phase}")).toBe("Initialized");
  });

  it("applies the definitions, and finds nothing to change the second time", async () => {
    await kubectl(`apply -f ${definitions}`);
    const again = (await kubectl(`apply -f ${definitions}`)).trim().split("\n");
    expect(again.length).toBeGreaterThan(0);
    expect(again.filter((line) => !line.endsWith(" unchanged"))).toEqual([]);
  });

  it("applies the manifests of the documents as they are, and finds no difference afterwards", async () => {
    const folder = join(root, "apps/canary-controller/testdata/manifests");
    const production = ["production", "production-us-east", "production-eu-west", "staging", "mobile-backend", "test"];
    for (const namespace of [...production, "flagger-system", "flagd", "open-feature-demo"]) {
      await session.sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    }
    const created = await kubectl(`apply -f ${folder}`);
    expect(created.match(/^canary\.flagger\.app\/\S+ created$/gm)).toHaveLength(24);
    for (const kind of ["metrictemplate.flagger", "alertprovider.flagger", "featureflagsource.core.openfeature"])
      expect(created).toMatch(new RegExp(`^${kind}\\S+ created$`, "m"));
    expect(await kubectl(`diff -f ${folder}`)).toBe("");
  });

  it("applies the demo's manifests and sees the shop run", async () => {
    const file = join(root, "apps/demo/manifests/shop.yaml");
    const created = await kubectl(`apply -f ${file}`);
    const kinds = [
      "namespace",
      "deployment.apps",
      "gateway.gateway.networking.k8s.io",
      "featureflag.core.openfeature.dev",
    ];
    for (const kind of [...kinds, "alertprovider.flagger.app", "canary.flagger.app"])
      expect(created).toMatch(new RegExp(`^${kind}/\\S+ created$`, "m"));
    const available = await kubectl("wait deployment/shop -n shop --for=condition=Available --timeout=25s");
    expect(available).toContain("condition met");
    expect(await kubectl("get canaries -A")).toMatch(/^shop +shop/m);
    expect(await kubectl(`apply -f ${file}`)).toContain("deployment.apps/shop unchanged");
    await kubectl("delete namespace shop --timeout=25s");
  });

  it("refuses unknown fields and wrong values with their paths", async () => {
    const typo = await session.run(words("apply -f -"), canary.replace("stepWeight", "stepWieght"));
    expect(typo.stderr).toContain('unknown field "spec.analysis.stepWieght"');
    const wrong = await session.run(words("apply -f -"), canary.replace("threshold: 5", "threshold: many"));
    expect(wrong.stderr).toContain("spec.analysis.threshold");
  });
});
