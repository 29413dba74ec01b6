import type { Canary } from "@burgee/contracts/crd";
import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { actionAnnotation } from "./human-action.ts";
import { type HookServer, startHookServer } from "./testing/hook-server.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

describe("gates and human actions", () => {
  const lab = withLab();
  let gate: HookServer;
  beforeEach(async () => {
    gate = await startHookServer();
    gate.answer(() => ({ status: 403, body: "not yet" }));
  });
  afterEach(() => gate.stop());
  const open = () => gate.answer(() => ({ status: 200 }));

  const act = async (canary: Canary, action: Record<string, unknown>) => {
    const { run, targetRevision: revision } = canary.status ?? {};
    const value = { id: "a-1", run, revision, actor: "jane", at: new Date().toISOString(), ...action };
    const patch = { metadata: { annotations: { [actionAnnotation]: JSON.stringify(value) } } };
    await lab().client.patch(canaries, { namespace, name }, patch, { type: "merge" });
  };
  const confirmPromotion = () =>
    podinfoCanary({ webhooks: [{ name: "gate", type: "confirm-promotion", url: `${gate.url}/gate` }] });

  test("confirm-promotion waits until its hook passes", async () => {
    await lab().sim.apply(confirmPromotion());
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("WaitingPromotion");
    expect((await lab().route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight)).toEqual([50, 50]);
    open();
    const { metadata } = await lab().phase("Succeeded");
    expect(gate.received[0]).toMatchObject({
      path: "/gate",
      body: { name, namespace, phase: "Progressing", type: "confirm-promotion" },
    });
    expect(gate.received[0]?.headers["idempotency-key"]).toMatch(
      new RegExp(`^${metadata.uid}/1/confirm-promotion/gate/\\d+$`),
    );
    expect(await lab().alerts()).toContain("Canary promotion is waiting for approval.");
  });

  test("an approval by annotation opens the gate, is recorded with its actor and removed", async () => {
    await lab().sim.apply(confirmPromotion());
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await act(await lab().phase("WaitingPromotion"), { action: "approve", gate: "confirm-promotion" });
    const { status } = await lab().phase("Succeeded");
    expect(status?.lastAction).toMatchObject({ id: "a-1", actor: "jane", outcome: "accepted" });
    await waitFor(async () => (await lab().canary()).metadata.annotations?.[actionAnnotation] === undefined);
  });

  test("the first gate is opened for the revision that the status says waits there", async () => {
    const webhooks = [{ name: "gate", type: "confirm-rollout" as const, url: `${gate.url}/gate` }];
    await lab().sim.apply(podinfoCanary({ webhooks }));
    await lab().startController();
    const { status: before } = await lab().phase("Initialized");
    await lab().release("v2");
    const waiting = await lab().phase("Waiting");
    expect(waiting.status?.targetRevision).not.toBe(before?.targetRevision);
    await act(waiting, { action: "approve", run: waiting.status?.run ?? 0 });
    const { status } = await lab().phase("Succeeded");
    expect(status?.lastAction).toMatchObject({ action: "approve", outcome: "accepted" });
  });

  test("an approval of another run opens nothing", async () => {
    await lab().sim.apply(confirmPromotion());
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await act(await lab().phase("WaitingPromotion"), { action: "approve", gate: "confirm-promotion", run: 7 });
    await waitFor(async () => (await lab().canary()).status?.lastAction?.outcome === "ignored");
    expect((await lab().canary()).status?.phase).toBe("WaitingPromotion");
  });

  test("a rollback by annotation ends the run with all traffic on the primary", async () => {
    await lab().sim.apply(confirmPromotion());
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await act(await lab().phase("WaitingPromotion"), { action: "rollback" });
    const { status } = await lab().phase("Failed");
    expect(status?.lastAction).toMatchObject({ action: "rollback", actor: "jane" });
    expect((await lab().route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight)).toEqual([100, 0]);
  });

  test("an unreadable action is said to be, and removed", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    const patch = { metadata: { annotations: { [actionAnnotation]: "approve please" } } };
    await lab().client.patch(canaries, { namespace, name }, patch, { type: "merge" });
    await waitFor(async () => (await lab().canary()).metadata.annotations?.[actionAnnotation] === undefined);
    await waitFor(async () => (await lab().timeline()).some((text) => text.includes("is not a JSON object")));
  });

  test("a failing pre-rollout hook counts as a failed check, with the answer's text", async () => {
    await lab().sim.apply(
      podinfoCanary({ webhooks: [{ name: "scan", type: "pre-rollout", url: `${gate.url}/scan` }] }),
    );
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("Failed");
    const text = "Halt podinfo.test advancement pre-rollout check scan failed not yet";
    await waitFor(async () => (await lab().timeline()).includes(text));
  });

  test("hooks get the image and the weight in their metadata", async () => {
    open();
    const metadata = { cmd: "scan --image=$(params.image)", weight: "{{ canaryWeight }}", clusters: ["a", "b"] };
    await lab().sim.apply(podinfoCanary({ webhooks: [{ name: "load", url: `${gate.url}/load`, metadata }] }));
    await lab().startController();
    await lab().phase("Initialized");
    await lab().release("v2");
    await lab().phase("Succeeded");
    expect(gate.received[0]?.body.metadata).toEqual({
      cmd: "scan --image=example.com/podinfo:v2",
      weight: "25",
      clusters: ["a", "b"],
    });
  });
});
