// What the documents ask for by annotation, by suspending and by taking a change back.
import { resources } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

describe("a Canary", () => {
  const lab = withLab();
  const patch = (body: object) => lab().client.patch(canaries, { namespace, name }, body, { type: "merge" });
  const annotation = async (key: string) => (await lab().canary()).metadata.annotations?.[key];

  test("with flagger.app/skip-analysis is promoted without analysis, once, and the annotation is removed", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    await patch({ metadata: { annotations: { "flagger.app/skip-analysis": "true" } } });
    lab().judge(() => "fail");
    await lab().release("v2");
    const { status } = await lab().phase("Succeeded");
    expect(status?.lastPass).toBeUndefined();
    await waitFor(async () => (await annotation("flagger.app/skip-analysis")) === undefined);
    await lab().release("v3");
    await lab().phase("Failed");
  });

  test("with flagger.app/reset analyses a failed revision again", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge(() => "fail");
    await lab().release("v2");
    await lab().phase("Failed");
    lab().judge(() => "pass");
    await patch({ metadata: { annotations: { "flagger.app/reset": "true" } } });
    await lab().phase("Succeeded");
    expect(await annotation("flagger.app/reset")).toBeUndefined();
  });

  test("with a wrong value of such an annotation says what would be right, and asks for nothing", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    await patch({ metadata: { annotations: { "flagger.app/reset": "yes" } } });
    const says = 'metadata.annotations["flagger.app/reset"] is "yes", expected "true"';
    await waitFor(async () => (await lab().timeline()).includes(says), { describe: lab().timeline });
    expect((await lab().canary()).status).toMatchObject({ phase: "Initialized" });
  });

  test("that is suspended stands still, and goes on where it was", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    await patch({ spec: { suspend: true } });
    await lab().release("v2");
    await waitFor(async () => (await lab().timeline()).includes("skipping canary run as object is suspended"));
    expect((await lab().canary()).status?.phase).toBe("Initialized");
    await patch({ spec: { suspend: false } });
    await lab().phase("Succeeded");
  });

  test("whose target goes back to the promoted template ends its run without promoting", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    lab().judge(() => "silent");
    await lab().release("v2");
    await waitFor(() => lab().requests.length === 1);
    await lab().release("v1");
    await waitFor(async () => (await lab().deployment(name)).spec.replicas === 0);
    const primary = await lab().deployment("podinfo-primary");
    expect(primary.spec.template.spec.containers[0]?.image).toBe("example.com/podinfo:v1");
    expect((await lab().route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight)).toEqual([100, 0]);
  });

  test("whose target is deleted keeps serving from the primary and says what is missing", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    await lab().client.delete(resources.deployments, { namespace, name });
    const says = 'deployment podinfo.test get query error: deployments.apps "podinfo" not found';
    await waitFor(async () => (await lab().timeline()).includes(says), { describe: lab().timeline });
    expect((await lab().deployment("podinfo-primary")).spec.replicas).toBe(2);
  });
});
