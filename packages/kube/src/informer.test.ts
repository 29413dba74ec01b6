import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { createInformer, type Informer } from "./informer.ts";
import type { ConfigMap } from "./objects/configuration.ts";
import { resources } from "./resource.ts";
import { type Call, type OpenWatch, type ScriptedApi, startScriptedApi } from "./testing/scripted-api.ts";

function configMap(name: string, resourceVersion: string, uid = `uid-${name}`): ConfigMap {
  return { metadata: { name, namespace: "shop", resourceVersion, uid } };
}

/** A scripted API that lists `objects` at `version` and hands every watch to the test. */
let api: ScriptedApi;
let objects: ConfigMap[];
let version: string;
let watches: { from: string | null; watch: OpenWatch }[];
/** Answers lists in place of `objects`. */
let answerList: ((call: Call) => void) | undefined;
let refuseWatch: ((call: Call) => void) | undefined;
let informer: Informer<ConfigMap>;
let told: string[];
let stop: AbortController;

const lists = () => api.calls.filter((call) => !call.query.has("watch")).length;

function answer(call: Call): void {
  if (!call.query.has("watch"))
    if (answerList !== undefined) answerList(call);
    else call.respond(200, { metadata: { resourceVersion: version }, items: objects });
  else if (refuseWatch !== undefined) refuseWatch(call);
  else watches.push({ from: call.query.get("resourceVersion"), watch: call.openWatch() });
}

beforeEach(async () => {
  objects = [configMap("a", "1"), configMap("b", "2")];
  version = "10";
  watches = [];
  answerList = undefined;
  refuseWatch = undefined;
  told = [];
  api = await startScriptedApi(answer);
  const { log } = captureLogger();
  const client = createKubeClient({ server: api.url, log });
  informer = createInformer(client, resources.configMaps, { log, firstDelayMs: 5, maxDelayMs: 40 });
  informer.on((e) => told.push(`${e.type} ${e.object.metadata.name}@${e.object.metadata.resourceVersion}`));
  stop = new AbortController();
  informer.start(stop.signal);
  await informer.synced;
});

afterEach(async () => {
  stop.abort();
  await informer.stop();
  await api.stop();
});

async function watchNumber(n: number): Promise<{ from: string | null; watch: OpenWatch }> {
  return waitFor(() => watches[n - 1], { describe: () => `${watches.length} watches` });
}

describe("an informer", () => {
  test("lists, then watches from the list's version", async () => {
    expect(told).toEqual(["added a@1", "added b@2"]);
    expect((await watchNumber(1)).from).toBe("10");
    expect(informer.state()).toBe("up");
    expect(informer.get("shop", "a")).toMatchObject({ kind: "ConfigMap", apiVersion: "v1" });
  });

  test("lists page by page, anew when the snapshot expires in between, and tells nothing of half a list", async () => {
    let expired = 0;
    answerList = (call) => {
      const metadata = { resourceVersion: "20" };
      if (!call.query.has("continue"))
        call.respond(200, { metadata: { ...metadata, continue: "more" }, items: [configMap("a", "15")] });
      else if (expired++ === 0) call.respond(410, { kind: "Status", reason: "Expired", message: "too old" });
      else call.respond(200, { metadata, items: [configMap("c", "16")] });
    };
    await watchNumber(1);
    informer.refresh();
    expect((await watchNumber(2)).from).toBe("20");
    expect(told.slice(2)).toEqual(["deleted b@2", "updated a@15", "added c@16"]);
    expect(informer.state()).toBe("up");
  });

  test("tells changes in order and goes on from the last one after a clean end", async () => {
    const first = await watchNumber(1);
    first.watch.send("MODIFIED", configMap("a", "11"));
    first.watch.send("ADDED", configMap("c", "12"));
    first.watch.send("DELETED", configMap("b", "13"));
    first.watch.end();
    expect((await watchNumber(2)).from).toBe("13");
    expect(told.slice(2)).toEqual(["updated a@11", "added c@12", "deleted b@13"]);
    expect(informer.list().map((o) => o.metadata.name)).toEqual(["a", "c"]);
    expect(lists()).toBe(1);
  });

  test("goes on from a bookmark", async () => {
    const first = await watchNumber(1);
    first.watch.send("BOOKMARK", { kind: "ConfigMap", metadata: { resourceVersion: "99" } });
    first.watch.end();
    expect((await watchNumber(2)).from).toBe("99");
  });

  test("goes on after a connection that dropped in the middle of an event, without telling half of it", async () => {
    const first = await watchNumber(1);
    first.watch.send("MODIFIED", configMap("a", "11"));
    await waitFor(() => told.includes("updated a@11"));
    first.watch.raw('{"type":"MODIFIED","object":{"meta');
    first.watch.drop();
    expect((await watchNumber(2)).from).toBe("11");
    expect(told.slice(2)).toEqual(["updated a@11"]);
  });

  test("reads an event that arrives in pieces", async () => {
    const { watch } = await watchNumber(1);
    const line = JSON.stringify({ type: "MODIFIED", object: configMap("a", "11") });
    watch.raw(line.slice(0, 30));
    watch.raw(`${line.slice(30)}\n`);
    await waitFor(() => told.includes("updated a@11"));
  });

  const expired: Record<string, (watch: OpenWatch) => void> = {
    "an ERROR event saying 410": (watch) =>
      watch.send("ERROR", { kind: "Status", code: 410, reason: "Expired", message: "too old" }),
    "a watch that cannot be opened any more": (watch) => {
      refuseWatch = (call) => {
        refuseWatch = undefined;
        call.fail(410, "Expired");
      };
      watch.end();
    },
  };
  for (const [cause, expire] of Object.entries(expired)) {
    test(`lists again after ${cause}, telling what was missed and nothing else`, async () => {
      const { watch } = await watchNumber(1);
      const states: string[] = [];
      informer.onState((state) => states.push(state));
      objects = [configMap("a", "1"), configMap("c", "15")];
      version = "20";
      expire(watch);
      const second = await waitFor(() => watches.find((w) => w.from === "20"));
      expect(told.slice(2)).toEqual(["deleted b@2", "added c@15"]);
      expect(states.slice(-2)).toEqual(["syncing", "up"]);
      second.watch.send("MODIFIED", configMap("a", "21"));
      await waitFor(() => told.includes("updated a@21"));
    });
  }

  test("tells an object that was deleted and made again under its name as both", async () => {
    const { watch } = await watchNumber(1);
    objects = [configMap("a", "14", "another"), configMap("b", "2")];
    watch.send("ERROR", { kind: "Status", code: 410, reason: "Expired" });
    await waitFor(() => told.length >= 4);
    expect(told.slice(2)).toEqual(["deleted a@1", "added a@14"]);
  });

  test("says that it is down while the API restarts, and lists again when it is back", async () => {
    const reasons: (string | undefined)[] = [];
    informer.onState((_, reason) => reasons.push(reason));
    const { port } = new URL(api.url);
    await watchNumber(1);
    await api.stop();
    await waitFor(() => informer.state() === "down");
    expect(reasons[0]).toMatch(/^\[unreachable\] (watch|list) configmaps: /);
    expect(informer.list()).toHaveLength(2);
    expect(informer.hasSynced()).toBe(true);
    objects = [configMap("b", "2")];
    version = "3";
    api = await startScriptedApi(answer, Number(port));
    await waitFor(() => told.includes("deleted a@1"));
    await waitFor(() => informer.state() === "up");
    expect(told).toHaveLength(3);
  });

  test("does not hammer a server that closes every watch at once", async () => {
    await watchNumber(1);
    refuseWatch = (call) => call.openWatch().end();
    watches[0]?.watch.end();
    const before = api.calls.length;
    await waitFor(() => api.calls.length >= before + 3);
    expect(lists()).toBe(1);
    // What happens between two of them it does not hear of.
    await waitFor(() => informer.state() === "down");
    // 5, 10, 20 and then 40 ms between attempts: in 100 ms there is no room for many.
    const from = performance.now();
    const seen = api.calls.length;
    await waitFor(() => performance.now() - from > 100);
    expect(api.calls.length - seen).toBeLessThan(8);
  });

  test("keeps the other listeners going when one throws", async () => {
    informer.on(() => {
      throw new Error("listener's bug");
    });
    const late: string[] = [];
    informer.on((e) => late.push(e.object.metadata.name));
    (await watchNumber(1)).watch.send("MODIFIED", configMap("a", "11"));
    await waitFor(() => late.includes("a"));
  });

  test("lists again when it is told to, and is not up to date before it has", async () => {
    await watchNumber(1);
    objects = [configMap("a", "11"), configMap("b", "2")];
    version = "12";
    const states: string[] = [];
    informer.onState((state) => states.push(state));
    informer.refresh();
    expect(informer.state()).toBe("syncing");
    await informer.settled();
    expect(informer.get("shop", "a")?.metadata.resourceVersion).toBe("11");
    expect((await watchNumber(2)).from).toBe("12");
    expect({ states, lists: lists() }).toEqual({ states: ["syncing", "up"], lists: 2 });
  });

  test("does not take a list that was asked for before it was told to list again", async () => {
    await watchNumber(1);
    const held: Call[] = [];
    api.handle = (call) => (call.query.has("watch") ? answer(call) : void held.push(call));
    informer.refresh();
    const first = await waitFor(() => held[0]);
    informer.refresh();
    answer(first);
    const second = await waitFor(() => held[1]);
    expect(informer.state()).toBe("syncing");
    answer(second);
    await informer.settled();
    expect(informer.state()).toBe("up");
  });

  test("leaves out who manages which field when nobody reads it", async () => {
    const managed = { ...configMap("c", "3"), metadata: { ...configMap("c", "3").metadata, managedFields: [{}] } };
    objects = [managed];
    const { log } = captureLogger();
    const lean = createInformer(createKubeClient({ server: api.url, log }), resources.configMaps, {
      ...{ log, withoutManagedFields: true },
    });
    lean.start(stop.signal);
    await lean.synced;
    expect(lean.get("shop", "c")).toEqual({ ...configMap("c", "3"), apiVersion: "v1", kind: "ConfigMap" });
    const { watch } = await watchNumber(2);
    watch.send("MODIFIED", { ...managed, metadata: { ...managed.metadata, resourceVersion: "13" } });
    await waitFor(() => lean.get("shop", "c")?.metadata.resourceVersion === "13");
    expect(lean.get("shop", "c")?.metadata.managedFields).toBeUndefined();
    await lean.stop();
  });

  test("stops without an error and leaves no request behind", async () => {
    await watchNumber(1);
    await informer.stop();
    const seen = api.calls.length;
    watches[0]?.watch.end();
    expect(api.calls).toHaveLength(seen);
  });
});
