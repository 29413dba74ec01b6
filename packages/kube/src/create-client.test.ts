import { captureLogger } from "@burgee/service-kit/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { KubeError, type KubeErrorCode } from "./kube-error.ts";
import type { ConfigMap } from "./objects/configuration.ts";
import { resources } from "./resource.ts";
import { type Call, type ScriptedApi, startScriptedApi } from "./testing/scripted-api.ts";

const ref = { name: "settings", namespace: "shop" };
const settings: ConfigMap = { metadata: { ...ref, uid: "u", resourceVersion: "7" }, data: { a: "1" } };
const object = "/api/v1/namespaces/shop/configmaps/settings";

let api: ScriptedApi;
beforeEach(async () => {
  api = await startScriptedApi((call) => call.respond(200, settings));
});
afterEach(() => api.stop());

function client(o: { timeoutMs?: number; qps?: number; burst?: number } = {}) {
  return createKubeClient({ server: api.url, log: captureLogger().log, ...o });
}

async function failure(work: Promise<unknown>): Promise<KubeError> {
  const err = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(err instanceof KubeError)) throw new Error(`expected a KubeError, got ${String(err)}`);
  return err;
}

/** Answers the calls in turn; the last answer is repeated. */
function script(...answers: ((call: Call) => void)[]): void {
  let next = 0;
  api.handle = (call) => answers[Math.min(next++, answers.length - 1)]?.(call);
}

describe("a call is the request the API expects", () => {
  const cases: Record<string, { run: (c: ReturnType<typeof client>) => Promise<unknown>; sent: object }> = {
    "get names group, namespace and object": {
      run: (c) => c.get(resources.deployments, { name: "web", namespace: "shop" }),
      sent: { method: "GET", path: "/apis/apps/v1/namespaces/shop/deployments/web" },
    },
    "a cluster-scoped kind has no namespace in its path": {
      run: (c) => c.get(resources.namespaces, { name: "shop" }),
      sent: { method: "GET", path: "/api/v1/namespaces/shop" },
    },
    "create fills in apiVersion and kind": {
      run: (c) => c.create(resources.configMaps, { metadata: ref }),
      sent: {
        method: "POST",
        path: "/api/v1/namespaces/shop/configmaps",
        body: { apiVersion: "v1", kind: "ConfigMap", metadata: ref },
      },
    },
    "replaceStatus goes to the subresource": {
      run: (c) => c.replaceStatus(resources.configMaps, settings),
      sent: { method: "PUT", path: `${object}/status` },
    },
    "a merge patch carries its precondition in the metadata": {
      run: (c) =>
        c.patch(
          resources.configMaps,
          ref,
          { metadata: { labels: { a: "b" } } },
          { type: "merge", resourceVersion: "7" },
        ),
      sent: { method: "PATCH", path: object, body: { metadata: { labels: { a: "b" }, resourceVersion: "7" } } },
    },
    "a JSON patch carries its precondition as its first operation": {
      run: (c) =>
        c.patch(resources.configMaps, ref, [{ op: "remove", path: "/data/a" }], { type: "json", resourceVersion: "7" }),
      sent: {
        body: [
          { op: "replace", path: "/metadata/resourceVersion", value: "7" },
          { op: "remove", path: "/data/a" },
        ],
      },
    },
    "apply sends no managedFields and keeps uid and resourceVersion": {
      run: (c) =>
        c.apply(
          resources.configMaps,
          { ...settings, metadata: { ...settings.metadata, managedFields: [{}] } },
          { fieldManager: "burgee", force: true },
        ),
      sent: {
        method: "PATCH",
        path: object,
        body: {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { ...ref, uid: "u", resourceVersion: "7" },
          data: { a: "1" },
        },
      },
    },
    "delete carries its preconditions": {
      run: (c) => c.delete(resources.configMaps, ref, { uid: "u", resourceVersion: "7" }),
      sent: { method: "DELETE", path: object, body: { preconditions: { uid: "u", resourceVersion: "7" } } },
    },
  };
  for (const [sentence, { run, sent }] of Object.entries(cases)) {
    test(sentence, async () => {
      await run(client());
      expect(api.calls[0]).toMatchObject(sent);
    });
  }

  test("each kind of patch has its media type, and names itself to the server", async () => {
    const c = createKubeClient({ server: api.url, log: captureLogger().log, userAgent: "burgee-test/1" });
    await c.patch(resources.configMaps, ref, {}, { type: "strategic" });
    await c.apply(resources.configMaps, settings, { fieldManager: "burgee" });
    expect(api.calls.map((call) => call.headers["content-type"])).toEqual([
      "application/strategic-merge-patch+json",
      "application/apply-patch+yaml",
    ]);
    expect(api.calls[1]?.query.get("fieldManager")).toBe("burgee");
    expect(api.calls[1]?.headers["user-agent"]).toBe("burgee-test/1");
  });

  test("a replace without resourceVersion is refused before it is sent", async () => {
    const err = await failure(client().replace(resources.configMaps, { metadata: ref }));
    expect(err.message).toBe(
      "[invalid] replace configmaps shop/settings: metadata.resourceVersion is not set, expected that of the object read",
    );
    expect(api.calls).toHaveLength(0);
  });

  test("an apply of a version without the uid is refused before it is sent", async () => {
    const versioned = { metadata: { ...ref, resourceVersion: "7" } };
    const err = await failure(client().apply(resources.configMaps, versioned, { fieldManager: "test" }));
    expect(err.message).toBe(
      "[invalid] apply configmaps shop/settings: metadata.uid is not set, expected that of the object read with its version",
    );
    expect(api.calls).toHaveLength(0);
  });
});

describe("a failure is a KubeError with a code", () => {
  const cases: Record<string, [status: number, reason: string, code: KubeErrorCode]> = {
    "404 is not_found": [404, "NotFound", "not_found"],
    "409 is a conflict": [409, "Conflict", "conflict"],
    "409 AlreadyExists is already_exists": [409, "AlreadyExists", "already_exists"],
    "410 is gone": [410, "Expired", "gone"],
    "401 is unauthorized": [401, "Unauthorized", "unauthorized"],
    "403 is forbidden": [403, "Forbidden", "forbidden"],
    "422 is invalid": [422, "Invalid", "invalid"],
    "400 is invalid": [400, "BadRequest", "invalid"],
    "500 is server_error": [500, "InternalError", "server_error"],
    "504 is a timeout": [504, "Timeout", "timeout"],
  };
  for (const [sentence, [status, reason, code]] of Object.entries(cases)) {
    test(sentence, async () => {
      api.handle = (call) => call.fail(status, reason);
      const err = await failure(client().get(resources.configMaps, ref));
      expect(err).toMatchObject({ code, status, details: { reason } });
      expect(err.message).toBe(`[${code}] get configmaps shop/settings: ${status} ${reason} said the API`);
    });
  }

  test("a kind that the server does not know is said to be one", async () => {
    api.handle = (call) => call.respond(404, "404 page not found\n");
    const err = await failure(client().get(resources.httpRoutes, ref));
    expect(err.message).toBe(
      "[not_found] get httproutes shop/settings: 404 this kind is not served, expected its CustomResourceDefinition to be installed",
    );
  });

  test("tryGet gives undefined for what is not there", async () => {
    api.handle = (call) => call.fail(404, "NotFound");
    expect(await client().tryGet(resources.configMaps, ref)).toBeUndefined();
  });

  test("a server that is not there is unreachable", async () => {
    await api.stop();
    expect(await failure(client().get(resources.configMaps, ref))).toMatchObject({ code: "unreachable" });
  });

  test("no answer in time is a timeout", async () => {
    api.handle = () => undefined;
    const err = await failure(client({ timeoutMs: 50 }).get(resources.configMaps, ref));
    expect(err.message).toBe("[timeout] get configmaps shop/settings: no answer within 50 ms");
  });

  test("raw gives any status back", async () => {
    api.handle = (call) => call.fail(404, "NotFound");
    expect(await client().raw("GET", "/apis/nope")).toMatchObject({ status: 404, body: { reason: "NotFound" } });
  });
});

describe("what may be repeated is repeated", () => {
  const ok = (call: Call) => call.respond(200, settings);
  test("a 429 waits as long as the server says, also for a write", async () => {
    script((call) => call.fail(429, "TooManyRequests", { "retry-after": "0.2" }), ok);
    const startedAt = performance.now();
    await client().create(resources.configMaps, settings);
    expect(performance.now() - startedAt).toBeGreaterThan(190);
    expect(api.calls).toHaveLength(2);
  });
  test("a wait longer than the time limit is left to the caller", async () => {
    api.handle = (call) => call.fail(429, "TooManyRequests", { "retry-after": "60" });
    const err = await failure(client({ timeoutMs: 500 }).get(resources.configMaps, ref));
    expect(err).toMatchObject({ code: "too_many_requests", retryAfterMs: 60_000 });
    expect(api.calls).toHaveLength(1);
  });
  test("a read whose connection was cut is tried once more", async () => {
    script((call) => call.drop(), ok);
    expect(await client().get(resources.configMaps, ref)).toMatchObject(settings);
  });
  test("a write whose connection was cut is not: it may have happened", async () => {
    script((call) => call.drop(), ok);
    const err = await failure(client().create(resources.configMaps, settings));
    expect(err.code).toBe("unreachable");
    expect(api.calls).toHaveLength(1);
  });
});

describe("lists", () => {
  const page = (names: string[], next?: string) => (call: Call) =>
    call.respond(200, {
      metadata: { resourceVersion: "40", ...(next && { continue: next }) },
      items: names.map((name) => ({ metadata: { name, namespace: "shop" } })),
    });

  test("all pages are fetched, and items know their kind", async () => {
    script(page(["a", "b"], "more"), page(["c"]));
    const { items, resourceVersion } = await client().list(resources.configMaps, { labelSelector: "app=web" });
    expect(items.map((i) => `${i.apiVersion} ${i.kind} ${i.metadata.name}`)).toEqual([
      "v1 ConfigMap a",
      "v1 ConfigMap b",
      "v1 ConfigMap c",
    ]);
    expect(resourceVersion).toBe("40");
    expect(api.calls[1]?.query.get("continue")).toBe("more");
    expect(api.calls[0]?.query.get("labelSelector")).toBe("app=web");
  });
  test("a page token that expired leads to one unpaged list", async () => {
    script(page(["a"], "more"), (call) => call.fail(410, "Expired"), page(["a", "b"]));
    expect((await client().list(resources.configMaps)).items).toHaveLength(2);
    expect(api.calls[2]?.query.has("limit")).toBe(false);
  });
  test("with a limit one page is fetched and says how to go on", async () => {
    script(page(["a"], "more"));
    expect(await client().list(resources.configMaps, { limit: 1 })).toMatchObject({ continue: "more" });
    expect(api.calls).toHaveLength(1);
  });
});

describe("guarded writes", () => {
  test("a write is not sent when the guard does not hold", async () => {
    const err = await failure(
      client()
        .guarded(() => 0)
        .create(resources.configMaps, settings),
    );
    expect(err.code).toBe("fenced");
    expect(api.calls).toHaveLength(0);
  });
  test("nor when the guard fails between the decision to send and the connection being ready", async () => {
    let asked = 0;
    const guarded = client().guarded(() => (++asked === 1 ? 1000 : 0));
    for (const work of [
      () => guarded.replace(resources.configMaps, settings),
      () => guarded.delete(resources.configMaps, ref),
    ]) {
      asked = 0;
      expect((await failure(work())).code).toBe("fenced");
    }
    expect(api.calls).toHaveLength(0);
  });
  test("reads pass, and so do writes while the guard holds", async () => {
    const guarded = client().guarded(() => 1000);
    await guarded.get(resources.configMaps, ref);
    await guarded.replace(resources.configMaps, settings);
    expect(api.calls.map((call) => call.method)).toEqual(["GET", "PUT"]);
    expect(api.calls[1]?.body).toMatchObject({ data: { a: "1" } });
  });
  test("the API is told how long a write may take, so that one that is held up lands nowhere", async () => {
    const guarded = client().guarded(() => 1234.5);
    await guarded.replace(resources.configMaps, settings);
    await guarded.apply(resources.configMaps, settings, { fieldManager: "test" });
    await guarded.get(resources.configMaps, ref);
    expect(api.calls.map((call) => call.query.get("timeout"))).toEqual(["1234ms", "1234ms", null]);
  });
});

test("the rate limit lets a burst through and then spaces the requests", async () => {
  const c = client({ qps: 20, burst: 2 });
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => c.get(resources.configMaps, ref)));
  expect(performance.now() - startedAt).toBeGreaterThan(90);
});
