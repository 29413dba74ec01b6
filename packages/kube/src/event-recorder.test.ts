import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { createEventRecorder, type EventRecorder } from "./event-recorder.ts";
import type { KubeEvent } from "./objects/coordination.ts";
import { createObjectApi } from "./testing/object-api.ts";
import { type ScriptedApi, startScriptedApi } from "./testing/scripted-api.ts";

const canary = {
  apiVersion: "flagger.app/v1beta1",
  kind: "Canary",
  metadata: { name: "web", namespace: "shop", uid: "u1", resourceVersion: "5" },
};
const halted = { type: "Warning", reason: "Synced", message: "Halt advancement" } as const;

let api: ScriptedApi;
let objects: ReturnType<typeof createObjectApi>;
let recorder: EventRecorder;
let captured: ReturnType<typeof captureLogger>;

beforeEach(async () => {
  objects = createObjectApi();
  api = await startScriptedApi(objects.handle);
  captured = captureLogger();
  const client = createKubeClient({ server: api.url, log: captured.log });
  const clock = { now: () => Date.UTC(2026, 0, 1) };
  recorder = createEventRecorder(client, { component: "burgee", log: captured.log, clock });
});
afterEach(() => api.stop());

const events = () => [...objects.objects.values()].map((o) => o as KubeEvent);

describe("the event recorder", () => {
  test("writes an event that kubectl describe shows", async () => {
    recorder.record(canary, halted);
    await recorder.flush();
    expect(events()).toMatchObject([
      {
        involvedObject: {
          apiVersion: "flagger.app/v1beta1",
          kind: "Canary",
          name: "web",
          namespace: "shop",
          uid: "u1",
        },
        ...halted,
        source: { component: "burgee" },
        firstTimestamp: "2026-01-01T00:00:00Z",
        count: 1,
      },
    ]);
    expect(events()[0]?.metadata.name).toMatch(/^web\.[0-9a-f]+$/);
    expect(events()[0]?.metadata.namespace).toBe("shop");
  });

  test("writes events about one object in order, and those about others meanwhile", async () => {
    const other = { ...canary, metadata: { ...canary.metadata, name: "api", uid: "u2" } };
    const held: (() => void)[] = [];
    api.handle = (call) => {
      const isHeld = held.length === 0 && JSON.stringify(call.body).includes('"uid":"u1"');
      if (isHeld) held.push(() => objects.handle(call));
      else objects.handle(call);
    };
    recorder.record(canary, halted);
    recorder.record(canary, { ...halted, message: "Rolling back" });
    recorder.record(other, halted);
    await waitFor(() => events().length === 1);
    expect(events()[0]?.involvedObject.name).toBe("api");
    held[0]?.();
    await recorder.flush();
    expect(events().map(({ message }) => message)).toEqual([halted.message, halted.message, "Rolling back"]);
  });

  test("counts identical events up instead of writing more", async () => {
    for (let i = 0; i < 3; i++) recorder.record(canary, halted);
    await recorder.flush();
    expect(events()).toMatchObject([{ count: 3 }]);
    expect(api.calls.map((c) => c.method)).toEqual(["POST", "PATCH", "PATCH"]);
  });

  test("writes an event anew when the counted one has expired", async () => {
    recorder.record(canary, halted);
    await recorder.flush();
    const through = api.handle;
    api.handle = (call) => (call.method === "PATCH" ? call.fail(404, "NotFound") : through(call));
    recorder.record(canary, halted);
    await recorder.flush();
    expect(events()).toHaveLength(2);
  });

  test("tries again while the API is in trouble, without holding anybody up", async () => {
    const through = api.handle;
    let failures = 2;
    api.handle = (call) => (failures-- > 0 ? call.fail(500, "InternalError") : through(call));
    recorder.record(canary, halted);
    expect(api.calls).toHaveLength(0);
    await recorder.flush();
    expect(events()).toHaveLength(1);
  });

  test("gives an event up that the API refuses, and says so", async () => {
    api.handle = (call) => call.fail(403, "Forbidden");
    recorder.record(canary, halted);
    await recorder.flush();
    expect(captured.find("event not written")).toMatchObject({ level: "warn" });
    expect(api.calls).toHaveLength(1);
  });

  test("writes what is queued when stopped, and takes no more", async () => {
    recorder.record(canary, halted);
    await recorder.stop();
    recorder.record(canary, { ...halted, message: "late" });
    await recorder.flush();
    expect(events()).toHaveLength(1);
  });

  test("drops events about an object that another process may write for by now", async () => {
    let leftMs = 1000;
    const client = createKubeClient({ server: api.url, log: captured.log });
    const fenced = createEventRecorder(client, {
      component: "burgee",
      log: captured.log,
      writableForMs: ({ metadata }) => (metadata.name === canary.metadata.name ? leftMs : 0),
    });
    fenced.record(canary, halted);
    await fenced.flush();
    leftMs = 0;
    fenced.record(canary, { ...halted, message: "Advance" });
    await fenced.flush();
    expect(events().map(({ message }) => message)).toEqual([halted.message]);
  });
});
