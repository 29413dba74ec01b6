import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergePatchType, type TestWatch } from "../testing/api.ts";
import { at, type JsonObject, objectAt, objectsAt } from "./json.ts";
import { bare, simulated } from "../testing/suite.ts";

const { sim, api } = await simulated({ ...bare, historyLimit: 50, bookmarkMs: 40 });
let watches: TestWatch[] = [];
let namespaces = 0;
let maps: string;

beforeEach(async () => {
  const name = `ns-${++namespaces}`;
  await api.call("POST", "/api/v1/namespaces", { metadata: { name } });
  maps = `/api/v1/namespaces/${name}/configmaps`;
});

afterEach(() => {
  for (const watch of watches) watch.stop();
  watches = [];
  sim.faults.clear();
});

async function watch(query: string): Promise<TestWatch> {
  const opened = await api.watch(`${maps}?watch=true&${query}`);
  watches.push(opened);
  return opened;
}

const create = (name: string, labels: JsonObject = {}) => api.call("POST", maps, { metadata: { name, labels } });
const relabel = (name: string, labels: JsonObject) =>
  api.call("PATCH", `${maps}/${name}`, { metadata: { labels } }, mergePatchType);
const version = (list: JsonObject) => String(at(list, "metadata", "resourceVersion"));
const summary = (event: { type: string; object: JsonObject } | undefined) =>
  event && `${event.type} ${at(event.object, "metadata", "name")}`;

async function take(from: TestWatch, count: number): Promise<(string | undefined)[]> {
  const events: (string | undefined)[] = [];
  for (let i = 0; i < count; i++) events.push(summary(await from.next()));
  return events;
}

describe("watch", () => {
  it("begins with what is there when no version is given, and goes on", async () => {
    await create("a");
    const opened = await watch("");
    await create("b");
    expect(await take(opened, 2)).toEqual(["ADDED a", "ADDED b"]);
  });

  it("replays what happened since a version", async () => {
    const from = version(await api.call("GET", maps));
    await create("a");
    await relabel("a", { x: "1" });
    await api.call("DELETE", `${maps}/a`);
    const opened = await watch(`resourceVersion=${from}`);
    expect(await take(opened, 3)).toEqual(["ADDED a", "MODIFIED a", "DELETED a"]);
  });

  it("shows objects that come to fit or cease to fit a selector as added and deleted", async () => {
    const opened = await watch("labelSelector=tier%3Dfront");
    await create("a", { tier: "back" });
    await relabel("a", { tier: "front" });
    await relabel("a", { tier: "back" });
    await create("b", { tier: "front" });
    expect(await take(opened, 3)).toEqual(["ADDED a", "DELETED a", "ADDED b"]);
  });

  it("answers 410 for a version that is out of the history", async () => {
    const from = version(await api.call("GET", maps));
    for (let i = 0; i < 70; i++) await create(`m${i}`);
    expect(await api.refusal("GET", `${maps}?watch=true&resourceVersion=${from}`)).toMatchObject({
      code: 410,
      reason: "Expired",
    });
  });

  it("sends bookmarks to those that asked", async () => {
    const opened = await watch("allowWatchBookmarks=true");
    const event = await opened.next();
    expect(event).toMatchObject({ type: "BOOKMARK", object: { kind: "ConfigMap" } });
  });

  it("streams the initial list and marks its end", async () => {
    await create("a");
    const opened = await watch("sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan");
    expect(summary(await opened.next())).toBe("ADDED a");
    expect(objectAt((await opened.next())?.object, "metadata", "annotations")).toEqual({
      "k8s.io/initial-events-end": "true",
    });
  });

  it("ends after its timeout", async () => {
    const opened = await watch("timeoutSeconds=1");
    expect(await opened.next()).toBeUndefined();
  });

  it("is cut by the fault that closes watches", async () => {
    const opened = await watch("");
    expect(sim.faults.closeWatches({ resource: "configmaps" })).toBe(1);
    expect(await opened.next()).toBeUndefined();
  });

  it("ends with a 410 event when versions are expired by a fault", async () => {
    const from = version(await api.call("GET", maps));
    const opened = await watch("");
    sim.faults.expireResourceVersions();
    expect(await opened.next()).toMatchObject({ type: "ERROR", object: { code: 410 } });
    expect(await api.refusal("GET", `${maps}?watch=true&resourceVersion=${from}`)).toMatchObject({ code: 410 });
  });

  it("shows table rows to those that want them", async () => {
    await create("a");
    const response = await fetch(`${sim.url}${maps}?watch=true&timeoutSeconds=1`, {
      headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
    });
    const [first] = (await response.text()).split("\n");
    expect(JSON.parse(first ?? "")).toMatchObject({
      type: "ADDED",
      object: { kind: "Table", rows: [{ cells: ["a", 0, expect.any(String)] }] },
    });
  });
});

describe("list", () => {
  it("comes in pages that show one moment", async () => {
    for (const name of ["a", "b", "c"]) await create(name);
    const first = await api.call("GET", `${maps}?limit=2`);
    expect(objectsAt(first, "items").map((item) => at(item, "metadata", "name"))).toEqual(["a", "b"]);
    expect(objectAt(first, "metadata")).toMatchObject({ remainingItemCount: 1 });
    await create("d");
    const second = await api.call("GET", `${maps}?limit=2&continue=${at(first, "metadata", "continue")}`);
    expect(objectsAt(second, "items").map((item) => at(item, "metadata", "name"))).toEqual(["c"]);
    expect(version(second)).toBe(version(first));
  });

  const selectors: Record<string, { query: string; names: string[] }> = {
    "by equality": { query: "labelSelector=app%3Da", names: ["one"] },
    "by inequality": { query: "labelSelector=app!%3Da", names: ["three", "two"] },
    "by membership": { query: "labelSelector=app%20in%20(a,b)", names: ["one", "two"] },
    "by absence of membership": { query: "labelSelector=app%20notin%20(a,b)", names: ["three"] },
    "by presence": { query: "labelSelector=app", names: ["one", "two"] },
    "by absence": { query: "labelSelector=!app", names: ["three"] },
    "by name": { query: "fieldSelector=metadata.name%3Dtwo", names: ["two"] },
    "by both": { query: "labelSelector=app&fieldSelector=metadata.name!%3Dtwo", names: ["one"] },
  };
  it.each(Object.entries(selectors))("selects %s", async (_sentence, { query, names }) => {
    await create("one", { app: "a" });
    await create("two", { app: "b" });
    await create("three");
    const list = await api.call("GET", `${maps}?${query}`);
    expect(objectsAt(list, "items").map((item) => at(item, "metadata", "name"))).toEqual(names);
  });

  it("refuses a field that cannot be selected by", async () => {
    expect(await api.refusal("GET", `${maps}?fieldSelector=data.a%3Db`)).toMatchObject({
      code: 400,
      message: '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    });
  });

  it("deletes a collection by selector", async () => {
    await create("one", { app: "a" });
    await create("two");
    await api.call("DELETE", `${maps}?labelSelector=app`);
    expect(objectsAt(await api.call("GET", maps), "items").map((item) => at(item, "metadata", "name"))).toEqual([
      "two",
    ]);
  });
});

describe("delete", () => {
  it("waits for finalizers and refuses new ones meanwhile", async () => {
    await api.call("POST", maps, { metadata: { name: "a", finalizers: ["test/hold"] } });
    const marked = await api.call("DELETE", `${maps}/a`);
    expect(objectAt(marked, "metadata")).toMatchObject({
      deletionTimestamp: expect.any(String),
      finalizers: ["test/hold"],
    });
    const more = { metadata: { finalizers: ["test/hold", "test/more"] } };
    expect(await api.refusal("PATCH", `${maps}/a`, more, mergePatchType)).toMatchObject({
      code: 422,
      message: expect.stringContaining("no new finalizers can be added if the object is being deleted"),
    });
    await api.call("PATCH", `${maps}/a`, { metadata: { finalizers: null } }, mergePatchType);
    expect(await api.refusal("GET", `${maps}/a`)).toMatchObject({ code: 404 });
  });

  it("keeps to its preconditions", async () => {
    await create("a");
    const wrong = { preconditions: { uid: "another" } };
    expect(await api.refusal("DELETE", `${maps}/a`, wrong)).toMatchObject({ code: 409 });
    expect(await api.refusal("DELETE", `${maps}/a`, { preconditions: { resourceVersion: "1" } })).toMatchObject({
      code: 409,
    });
  });
});

describe("faults", () => {
  it("fail the n-th matching call, once", async () => {
    const fault = sim.faults.add({
      match: { verb: "create", resource: "configmaps" },
      nth: 2,
      action: { status: 500 },
    });
    await create("a");
    expect(await api.refusal("POST", maps, { metadata: { name: "b" } })).toMatchObject({ code: 500 });
    await create("c");
    expect(fault.hits).toBe(1);
  });

  it("ask for patience with Retry-After", async () => {
    sim.faults.add({
      match: { verb: "list" },
      times: 1,
      action: { status: 429, reason: "TooManyRequests", retryAfterSeconds: 2 },
    });
    const response = await fetch(`${sim.url}${maps}`);
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "2"]);
  });

  it("lose the answer after the effect", async () => {
    sim.faults.add({ match: { verb: "create" }, times: 1, action: { drop: "after" } });
    await expect(create("a")).rejects.toThrow();
    expect(await api.call("GET", `${maps}/a`)).toMatchObject({ metadata: { name: "a" } });
  });

  it("lose the request before the effect", async () => {
    sim.faults.add({ match: { verb: "create" }, times: 1, action: { drop: "before" } });
    await expect(create("a")).rejects.toThrow();
    expect(await api.refusal("GET", `${maps}/a`)).toMatchObject({ code: 404 });
  });

  it("delay", async () => {
    sim.faults.add({ match: { verb: "get" }, times: 1, action: { delayMs: 60 } });
    await create("a");
    const started = performance.now();
    await api.call("GET", `${maps}/a`);
    expect(performance.now() - started).toBeGreaterThan(50);
  });

  it("leave a record of every request", async () => {
    sim.requests.clear();
    await create("a");
    await api.refusal("GET", `${maps}/b`);
    expect(sim.requests.log).toMatchObject([
      { verb: "create", resource: "configmaps", status: 201, userAgent: "kube-sim-test/1" },
      { verb: "get", resource: "configmaps", name: "b", status: 404 },
    ]);
  });
});
