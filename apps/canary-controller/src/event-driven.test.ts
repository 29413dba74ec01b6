// Changes are heard of, not looked for.
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

/** Much longer than the tests wait. */
const interval = "10m";
const heardWithin = { timeoutMs: 1_000 };

describe("with an interval of ten minutes", () => {
  const lab = withLab();

  test("a new revision starts a rollout within a second", async () => {
    await lab().sim.apply(podinfoCanary({ interval }));
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("Progressing", heardWithin.timeoutMs);
  });

  test("a route that somebody else changed is put right within a second", async () => {
    await lab().sim.apply(podinfoCanary({ interval }));
    await lab().startController();
    await lab().phase("Initialized");
    const weights = async () => (await lab().route()).spec.rules?.[0]?.backendRefs?.map(({ weight }) => weight);
    expect(await weights()).toEqual([100, 0]);
    const { spec } = await lab().route();
    const rules = spec.rules?.map((rule) => ({
      ...rule,
      backendRefs: rule.backendRefs?.map((ref) => ({ ...ref, weight: 50 })),
    }));
    await lab().client.patch(resources.httpRoutes, { namespace, name }, { spec: { rules } }, { type: "merge" });
    await waitFor(async () => String(await weights()) === "100,0", { ...heardWithin, describe: weights });
  });
});
