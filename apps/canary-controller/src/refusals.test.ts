// What the controller must not act on, and how it says so.
import { createRedisBus } from "@burgee/event-bus";
import { resources } from "@burgee/kube";
import { startRedis, type TestRedis, waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { providerNames } from "./routers/index.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

describe("a Canary that cannot be read", () => {
  const lab = withLab();
  const problem = async () => (await lab().canary()).status?.conditions?.find((c) => c.type === "InvalidSpec");

  const broken: Record<string, { canary: object; says: string }> = {
    "an unknown provider": {
      canary: podinfoCanary({}, { provider: "promethius" }),
      says: `spec.provider is "promethius", expected one of: ${providerNames.join(", ")}, or knative for a Knative Service`,
    },
    "Knative's provider for another target": {
      canary: podinfoCanary({}, { provider: "knative" }),
      says: `spec.provider is "knative", expected one of: ${providerNames.join(", ")}; knative is for a Service of serving.knative.dev/v1 as target`,
    },
    "a step of zero": {
      canary: podinfoCanary({ stepWeight: 0 }),
      says: "spec.analysis.stepWeight is 0, expected 1–100, or a list in stepWeights, or iterations for blue/green and A/B",
    },
    "no Gateway to attach to": {
      canary: podinfoCanary({}, { service: { port: 80 } }),
      says: "spec.service.gatewayRefs is absent, expected at least one Gateway that the HTTPRoute is attached to",
    },
    "a target of another kind": {
      canary: podinfoCanary({}, { targetRef: { apiVersion: "apps/v1", kind: "Job", name } }),
      says: 'spec.targetRef.kind is "Job", expected Deployment, DaemonSet, StatefulSet, Service or a custom workload with a scale subresource',
    },
  };
  test.each(Object.entries(broken))(
    "%s: condition, event and log name path, value and what would be right",
    async (_title, { canary, says }) => {
      await lab().sim.apply(canary);
      const controller = await lab().startController();
      await waitFor(async () => (await problem())?.message === says, { describe: problem });
      await waitFor(async () => (await lab().events()).includes(`Warning Invalid canary: ${says}`), {
        describe: lab().events,
      });
      expect(controller.log.find("invalid canary")).toMatchObject({ canary: name, namespace, problems: [says] });
      expect((await lab().deployment(name)).spec.replicas).toBe(2);
    },
  );

  test("does not hold up the others, and goes on once it is mended", async () => {
    await lab().sim.apply(podinfoCanary({ stepWeight: 0 }));
    await lab().startController();
    await waitFor(async () => (await problem())?.status === "True");
    const patch = { spec: { analysis: { stepWeight: 25 } } };
    await lab().client.patch(canaries, { namespace, name }, patch, { type: "merge" });
    await lab().phase("Initialized");
    expect((await problem())?.status).toBe("False");
  });
});

describe("at start", () => {
  const lab = withLab();

  test("refuses to act beside upstream Flagger and says why, until it is gone", async () => {
    const ref = { namespace: "kube-system", name: "flagger" };
    await lab().sim.apply(podinfoCanary(), {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: ref,
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "flagger" } },
        template: {
          metadata: { labels: { app: "flagger" } },
          spec: { containers: [{ name: "flagger", image: "ghcr.io/fluxcd/flagger:1.44.0" }] },
        },
      },
    });
    const controller = await lab().startController();
    const reason = "Deployment kube-system/flagger runs upstream Flagger, expected none: scale it to 0";
    await waitFor(() => controller.readiness().checks.preconditions?.includes(reason), {
      describe: controller.readiness,
    });
    expect(controller.log.find("not acting")).toBeDefined();
    expect((await lab().canary()).status).toBeUndefined();
    await lab().client.delete(resources.deployments, ref);
    await lab().phase("Initialized", 15_000);
    expect(controller.readiness().checks.preconditions).toBe("ok");
  });

  test("refuses to act when the served CRD drops status fields", async () => {
    const crd = await lab().client.get(resources.customResourceDefinitions, { name: "canaries.flagger.app" });
    const [version] = crd.spec.versions;
    if (version === undefined) throw new Error("no version");
    const openAPIV3Schema = {
      type: "object",
      properties: {
        spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        status: { type: "object", properties: { phase: { type: "string" } } },
      },
    };
    await lab().client.replace(resources.customResourceDefinitions, {
      ...crd,
      spec: { ...crd.spec, versions: [{ ...version, schema: { openAPIV3Schema } }] },
    });
    await lab().sim.apply(podinfoCanary());
    const controller = await lab().startController();
    await waitFor(() => controller.readiness().checks.preconditions?.includes("canaries.flagger.app drops status."), {
      describe: controller.readiness,
    });
    expect((await lab().deployment(name)).spec.replicas).toBe(2);
  });

  test("keeps trying while the API is away", async () => {
    lab().sim.faults.add({ match: { userAgent: "burgee-canary-controller" }, times: 8, action: { status: 503 } });
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized", 20_000);
  });
});

describe("without the event bus", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());
  const lab = withLab((log) => createRedisBus({ url: redis.url, log, timeoutMs: 500 }));

  test("nothing advances and the condition says so; with the bus back it ends promoted", async () => {
    await lab().sim.apply(podinfoCanary());
    const controller = await lab().startController();
    await lab().phase("Initialized");
    await redis.kill9();
    await waitFor(() => controller.readiness().checks.redis?.startsWith("event bus is down"), {
      describe: controller.readiness,
    });
    await lab().release("v2");
    const condition = async () => (await lab().canary()).status?.conditions?.find((c) => c.type === "BusUnavailable");
    await waitFor(async () => (await condition())?.status === "True", { describe: lab().canary });
    expect((await lab().canary()).status?.canaryWeight).toBeLessThanOrEqual(25);
    await redis.restart({ keepData: false });
    await lab().phase("Succeeded", 20_000);
    expect((await condition())?.status).toBe("False");
    await waitFor(async () => (await lab().timeline()).some((text) => text.startsWith("Promotion completed!")));
  });
});
