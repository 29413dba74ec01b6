import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../kinds.ts";
import { type AdminHarness, itemsOf, startAdmin } from "../testing/admin-harness.ts";
import { makeCanary, progressing } from "../testing/objects.ts";

let admin: AdminHarness;
beforeAll(async () => {
  admin = await startAdmin();
});
afterAll(() => admin.stop());

const actions = (name: string) => `/api/canaries/shop/${name}/actions`;

async function annotationOf(name: string): Promise<unknown> {
  const canary = await admin.client.get(kinds.canaries, { namespace: "shop", name });
  const text = canary.metadata.annotations?.["burgee.dev/action"];
  return text === undefined ? undefined : JSON.parse(text);
}

describe("canaries", () => {
  test("are listed with what a person wants to know of each", async () => {
    await makeCanary(admin, "listed", {
      ...progressing,
      pendingCheck: { run: 2, check: 4, askedAt: "2026-01-01T00:00:00.000Z", specHash: "s" },
    });
    const items = await waitFor(async () => {
      const { body } = await admin.call("GET", "/api/canaries?namespace=shop");
      return itemsOf(body).find((c) => "name" in c && c.name === "listed" && "phase" in c && c.phase === "Progressing");
    });
    expect(items).toMatchObject({
      namespace: "shop",
      target: { kind: "Deployment", name: "listed" },
      weight: 20,
      failedChecks: 1,
      run: 2,
      revision: "rev-2",
      suspended: false,
      pendingCheck: { check: 4 },
      conditions: [{ type: "Promoted" }],
    });
  });

  test("of another namespace are not listed", async () => {
    const { body } = await admin.call("GET", "/api/canaries?namespace=elsewhere");
    expect(body).toEqual({ items: [] });
  });

  test("are read one by one, with spec and status", async () => {
    await makeCanary(admin, "single", progressing);
    const { status, body } = await admin.call("GET", "/api/canaries/shop/single");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      summary: { name: "single" },
      spec: { analysis: { threshold: 3 } },
      status: { check: 4 },
    });
  });

  test("that are not there are 404", async () => {
    const { status, body } = await admin.call("GET", "/api/canaries/shop/nope");
    expect(status).toBe(404);
    expect(body).toMatchObject({ error: { code: "not_found", message: expect.stringContaining("nope") } });
  });
});

describe("an action", () => {
  test("is written to the annotation with the run and revision of the moment", async () => {
    await makeCanary(admin, "approved", progressing);
    const { status, body } = await admin.call("POST", actions("approved"), {
      body: { action: "approve", gate: "confirm-promotion" },
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({
      action: "approve",
      gate: "confirm-promotion",
      run: 2,
      revision: "rev-2",
      actor: "local",
    });
    expect(await annotationOf("approved")).toEqual(body);
  });

  test("is logged and told as a Kubernetes Event", async () => {
    await makeCanary(admin, "audited", progressing);
    await admin.call("POST", actions("audited"), { body: { action: "pause" } });
    expect(admin.captured.events.find((e) => e.name === "audited" && e.msg === "change made")).toMatchObject({
      audit: true,
      actor: "local",
      action: "pause",
      kind: "Canary",
    });
    await admin.recorder.flush();
    const { items } = await admin.client.list(
      { group: "", version: "v1", plural: "events", kind: "Event", namespaced: true },
      { namespace: "shop" },
    );
    expect(JSON.stringify(items)).toContain("pause by local (run 2, revision rev-2)");
  });

  test("lands although the controller writes the status at the same time", async () => {
    const canary = await makeCanary(admin, "busy", progressing);
    const fault = admin.sim.faults.add({
      match: { verb: "patch", name: "busy" },
      times: 2,
      action: { status: 409, reason: "Conflict" },
    });
    const { status } = await admin.call("POST", actions("busy"), { body: { action: "pause" } });
    fault.remove();
    expect(status).toBe(202);
    expect(await annotationOf("busy")).toMatchObject({ action: "pause" });
    expect(canary.metadata.annotations?.["burgee.dev/action"]).toBeUndefined();
  });

  test("sent twice under one key is done once", async () => {
    await makeCanary(admin, "twice", progressing);
    const send = () =>
      admin.call("POST", actions("twice"), { body: { action: "pause" }, headers: { "idempotency-key": "k1" } });
    const [first, second] = [await send(), await send()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    expect(admin.captured.events.filter((e) => e.name === "twice" && e.msg === "change made")).toHaveLength(1);
    expect(await annotationOf("twice")).toEqual(first.body);
  });

  const refused: Record<string, { body: unknown; status: number; says: string }> = {
    "for a run that is over": {
      body: { action: "approve", run: 1 },
      status: 409,
      says: "body.run is 1, expected 2, the run the canary is in",
    },
    "for another revision": {
      body: { action: "approve", revision: "rev-1" },
      status: 409,
      says: 'body.revision is "rev-1", expected rev-2, the revision the canary is about',
    },
    "that nobody knows": {
      body: { action: "aprove" },
      status: 400,
      says: 'body.action is "aprove", expected one of: approve, pause, resume, promote, rollback, restart, skip',
    },
    "with a field that nobody knows": {
      body: { action: "pause", now: true },
      status: 400,
      says: "body.now is true, expected no such field",
    },
    "without a body": { body: undefined, status: 400, says: "expected" },
    "with a gate although it opens none": {
      body: { action: "pause", gate: "confirm-rollout" },
      status: 422,
      says: "expected no gate unless action is approve",
    },
    "that is not JSON": { body: "{", status: 400, says: "JSON" },
  };
  for (const [which, { body, status, says }] of Object.entries(refused)) {
    test(`${which} is refused and nothing is written`, async () => {
      const name = `refused-${Object.keys(refused).indexOf(which)}`;
      await makeCanary(admin, name, progressing);
      const answer = await admin.call("POST", actions(name), { body });
      expect(answer.status).toBe(status);
      expect(answer.message).toContain(says);
      expect(await annotationOf(name)).toBeUndefined();
    });
  }

  test("does not overwrite one that waits for the controller", async () => {
    await makeCanary(admin, "waiting", progressing);
    await admin.call("POST", actions("waiting"), { body: { action: "pause" } });
    const { status, message } = await admin.call("POST", actions("waiting"), { body: { action: "rollback" } });
    expect(status).toBe(409);
    expect(message).toContain("pause by local is waiting for the controller");
  });

  test("may follow one that the controller has taken up", async () => {
    await makeCanary(admin, "following", progressing);
    const headers = { "idempotency-key": "first" };
    await admin.call("POST", actions("following"), { body: { action: "pause" }, headers });
    const canary = await admin.client.get(kinds.canaries, { namespace: "shop", name: "following" });
    const lastAction = {
      id: "first",
      action: "pause",
      actor: "local",
      at: "2026-01-01T00:00:00.000Z",
      run: 2,
      outcome: "accepted" as const,
    };
    await admin.client.replaceStatus(kinds.canaries, {
      ...canary,
      status: { ...progressing, lastAction, paused: { actor: "local", at: lastAction.at } },
    });
    expect((await admin.call("POST", actions("following"), { body: { action: "resume" } })).status).toBe(202);
  });

  test("on an idle canary is about the revision that was seen last", async () => {
    await makeCanary(admin, "idle", {
      ...progressing,
      phase: "Failed",
      targetRevision: "rev-2",
      lastAppliedSpec: "rev-3",
    });
    const { body } = await admin.call("POST", actions("idle"), { body: { action: "restart" } });
    expect(body).toMatchObject({ run: 2, revision: "rev-3" });
  });

  test("on a canary that the controller has never seen must wait", async () => {
    await makeCanary(admin, "unseen");
    const { status, message } = await admin.call("POST", actions("unseen"), { body: { action: "restart" } });
    expect(status).toBe(409);
    expect(message).toContain("has not seen this canary yet");
  });
});

test("a path that is not served says where to look", async () => {
  const { status, body } = await admin.call("GET", "/api/nothing?token=x");
  expect(status).toBe(404);
  expect(body).toMatchObject({
    error: { message: "[not_found] GET /api/nothing is not served; GET /openapi.json lists what is" },
  });
});
