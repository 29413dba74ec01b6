// Rollouts that split traffic otherwise than by weight, and what else belongs to a workload.
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { podinfoCanary } from "./testing/manifests.ts";
import { namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

describe("a rollout", () => {
  const lab = withLab();
  const weights = async () => (await lab().route()).spec.rules?.map((rule) => rule.backendRefs?.map((b) => b.weight));

  test("by header sends only the matching requests to the canary, for its iterations", async () => {
    const match = [{ headers: { "x-canary": { exact: "insider" } } }];
    await lab().sim.apply(podinfoCanary({ iterations: 2, stepWeight: 0, maxWeight: 0, match }));
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge((request) => (request.check?.check === 2n ? "silent" : "pass"));
    await lab().release("v2");
    await waitFor(() => lab().requests.length === 2);
    expect(await weights()).toEqual([[0, 100], [100]]);
    expect((await lab().route()).spec.rules?.[0]?.matches?.[0]?.headers).toEqual([
      { type: "Exact", name: "x-canary", value: "insider" },
    ]);
    const [, second] = lab().requests;
    if (second !== undefined) await lab().answer(second, "pass");
    lab().judge(() => "pass");
    await lab().phase("Succeeded");
    expect(await weights()).toEqual([[100, 0], [100]]);
  });

  test("mirrors to the canary before it gets traffic of its own", async () => {
    const mirrors: boolean[] = [];
    lab().judge((request) => {
      mirrors.push(request.weight === 0);
      return "pass";
    });
    await lab().sim.apply(podinfoCanary({ mirror: true, mirrorWeight: 50 }));
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("Succeeded");
    expect(mirrors).toEqual([true, false, false]);
    expect((await lab().route()).spec.rules?.[0]?.filters).toBeUndefined();
  });

  test("with session affinity hands out a cookie, keeps it over restarts and retires it at the end", async () => {
    await lab().sim.apply(podinfoCanary({ sessionAffinity: { cookieName: "release" } }));
    const first = await lab().startController();
    await lab().phase("Initialized");
    lab().judge((request) => (request.weight === 50 ? "silent" : "pass"));
    await lab().release("v2");
    await waitFor(() => lab().requests.some((request) => request.weight === 50));
    const cookie = (await lab().canary()).status?.sessionAffinityCookie;
    expect(cookie).toMatch(/^release=[a-zA-Z]{10}$/);
    const rules = (await lab().route()).spec.rules;
    expect(rules?.[0]?.matches?.[0]?.headers?.[0]?.value).toBe(`.*release.*${cookie?.slice("release=".length)}.*`);
    expect(rules?.[1]?.backendRefs?.[1]?.filters?.[0]?.responseHeaderModifier?.add?.[0]?.value).toBe(
      `${cookie}; Max-Age=86400`,
    );
    await first.stop();
    await lab().startController();
    await waitFor(async () => (await lab().canary()).status?.sessionAffinityCookie === cookie);
    const asked = lab().requests.at(-1);
    if (asked !== undefined) await lab().answer(asked, "pass");
    lab().judge(() => "pass");
    const { status } = await lab().phase("Succeeded", 20_000);
    expect(status?.previousSessionAffinityCookie).toBe(cookie);
    expect(status?.sessionAffinityCookie).toBeUndefined();
  });

  test("retires the cookie of a release that is rolled back, also when the first record of it is refused", async () => {
    await lab().sim.apply(podinfoCanary({ sessionAffinity: { cookieName: "release" }, threshold: 1 }));
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge(() => "silent");
    await lab().release("v2");
    await waitFor(
      async () => (await lab().canary()).status?.sessionAffinityCookie !== undefined && lab().requests.length > 0,
    );
    const cookie = (await lab().canary()).status?.sessionAffinityCookie;
    const fault = lab().sim.faults.add({
      match: { verb: "update", resource: "canaries", subresource: "status", userAgent: "burgee-canary-controller" },
      // The first records the verdict, the second what became of it.
      nth: 2,
      action: { status: 409, reason: "Conflict" },
    });
    const [asked] = lab().requests;
    if (asked !== undefined) await lab().answer(asked, "fail");
    const { status } = await lab().phase("Failed", 20_000);
    expect(fault.hits).toBe(1);
    expect(status?.previousSessionAffinityCookie).toBe(cookie);
    expect(status?.sessionAffinityCookie).toBeUndefined();
    const forgets = (await lab().route()).spec.rules?.[0]?.filters?.[0]?.responseHeaderModifier?.add?.[0]?.value;
    expect(forgets).toBe(`${cookie}; Max-Age=-1`);
  });

  test("gives the primary its own autoscaler and leaves its replicas to it", async () => {
    await lab().sim.apply(
      {
        apiVersion: "autoscaling/v2",
        kind: "HorizontalPodAutoscaler",
        metadata: { name: "podinfo", namespace },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "podinfo" },
          minReplicas: 2,
          maxReplicas: 4,
        },
      },
      podinfoCanary(
        {},
        { autoscalerRef: { apiVersion: "autoscaling/v2", kind: "HorizontalPodAutoscaler", name: "podinfo" } },
      ),
    );
    await lab().startController();
    await lab().phase("Initialized");
    const ref = { namespace, name: "podinfo-primary" };
    expect((await lab().client.get(resources.horizontalPodAutoscalers, ref)).spec).toMatchObject({
      scaleTargetRef: { name: "podinfo-primary" },
      minReplicas: 2,
      maxReplicas: 4,
    });
    await lab().client.patch(resources.deployments, ref, { spec: { replicas: 3 } }, { type: "merge" });
    await lab().release("v2");
    await lab().phase("Succeeded");
    expect((await lab().deployment("podinfo-primary")).spec.replicas).toBe(3);
  });

  test("that is only tried out writes no traffic and no workload", async () => {
    await lab().sim.apply(podinfoCanary({}, { dryRun: true }));
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("Succeeded");
    expect(await lab().client.tryGet(resources.deployments, { namespace, name: "podinfo-primary" })).toBeUndefined();
    expect(await lab().client.tryGet(resources.services, { namespace, name: "podinfo" })).toBeUndefined();
    expect((await lab().deployment("podinfo")).spec.replicas).toBe(2);
  });
});
