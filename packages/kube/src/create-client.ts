import type {
  ApplyOptions,
  DeleteOptions,
  KubeClient,
  ListOptions,
  ListResult,
  Log,
  ObjectRef,
  PatchOptions,
  WatchEvent,
  WatchOptions,
} from "./client.ts";
import { resolveClusterAccess } from "./http/cluster-access.ts";
import { type Connection, createConnection } from "./http/connection.ts";
import { collectionPath, describeCall, objectPath, queryOf } from "./http/paths.ts";
import { createRateLimit } from "./http/rate-limit.ts";
import { type ApiRequest, createTransport, type Transport } from "./http/transport.ts";
import { watchEvents } from "./http/watch-stream.ts";
import { isKubeError, KubeError } from "./kube-error.ts";
import type { KubeObject } from "./object.ts";
import { guardedPatch, patchContentType } from "./patch.ts";
import { apiVersionOf, type Resource } from "./resource.ts";

export interface KubeClientOptions {
  /** Path of a kubeconfig file. The KUBECONFIG variable is never read. */
  kubeconfig?: string | undefined;
  /** A context of that file; its current one by default. */
  context?: string | undefined;
  /** An explicit URL, without credentials (`kubectl proxy`, the simulated API). */
  server?: string | undefined;
  /** The API's address inside a cluster; `kubernetes.default.svc` by default. */
  serviceHost?: string | undefined;
  servicePort?: number | undefined;
  log: Log;
  userAgent?: string | undefined;
  /** For a whole request, retries included. Default 30 000. */
  timeoutMs?: number | undefined;
  /** Client-side limit on requests a second; none by default. Those who have to wait take turns, see `onBehalfOf`. */
  qps?: number | undefined;
  /** Requests that may go out at once after a pause; twice `qps` by default. */
  burst?: number | undefined;
}

/** Connects lazily: an API that is away shows as "unreachable" at the first call. Throws ConfigError when it is not told where the API is. */
export function createKubeClient(o: KubeClientOptions): KubeClient {
  const connection = createConnection(resolveClusterAccess(o));
  const limit =
    o.qps === undefined ? undefined : createRateLimit({ qps: o.qps, burst: o.burst ?? Math.ceil(o.qps * 2) });
  const transport = createTransport(connection, { userAgent: o.userAgent ?? "burgee", limit });
  return clientOver({ connection, transport, timeoutMs: o.timeoutMs ?? 30_000, turnOf: "" });
}

interface Settings {
  connection: Connection;
  transport: Transport;
  timeoutMs: number;
  writableForMs?: () => number;
  turnOf: string | undefined;
}

/** A request before the settings of its client are added. */
type Call = Omit<ApiRequest, "timeoutMs" | "turnOf">;

/** Pages of a list that is fetched whole; the API server streams no larger ones well. */
const pageSize = 500;

function clientOver(s: Settings): KubeClient {
  const { transport, timeoutMs, turnOf } = s;
  const read = (r: Call) => transport.send({ ...r, timeoutMs, turnOf });
  const write = async <T extends KubeObject>(r: Call) =>
    objectFrom<T>(r.what, await transport.send({ ...r, timeoutMs, turnOf, writableForMs: s.writableForMs }));

  async function page<T extends KubeObject>(r: Resource<T>, o: ListOptions): Promise<ListResult<T>> {
    const { labelSelector, fieldSelector, limit } = o;
    const query = queryOf({ labelSelector, fieldSelector, limit, continue: o.continue });
    const body = await read({
      method: "GET",
      path: collectionPath(r, o.namespace) + query,
      what: describeCall("list", r, { namespace: o.namespace }),
      signal: o.signal,
    });
    return listResult(r, body);
  }

  async function everyPage<T extends KubeObject>(r: Resource<T>, o: ListOptions): Promise<ListResult<T>> {
    const first = await page(r, { ...o, limit: pageSize });
    const items = first.items;
    try {
      for (let next = first.continue; next !== undefined; ) {
        const more = await page(r, { ...o, limit: pageSize, continue: next });
        items.push(...more.items);
        next = more.continue;
      }
    } catch (err) {
      // The snapshot that the token points into was compacted away: only an unpaged list is consistent now.
      if (isKubeError(err, "gone")) return page(r, o);
      throw err;
    }
    return { items, resourceVersion: first.resourceVersion };
  }

  async function* watch<T extends KubeObject>(r: Resource<T>, o: WatchOptions): AsyncGenerator<WatchEvent<T>> {
    const { labelSelector, fieldSelector, resourceVersion } = o;
    // Watches end at different times, so that a restarted API does not get all of them back at once.
    const timeoutSeconds = Math.round(240 + Math.random() * 120);
    const allowWatchBookmarks = o.allowBookmarks ?? true;
    const query = { watch: 1, labelSelector, fieldSelector, resourceVersion, allowWatchBookmarks, timeoutSeconds };
    const what = describeCall("watch", r, { namespace: o.namespace });
    const path = collectionPath(r, o.namespace) + queryOf(query);
    const stream = await transport
      .open({ method: "GET", path, what, timeoutMs, turnOf, signal: o.signal }, (timeoutSeconds + 30) * 1000)
      .catch((err: unknown) => {
        if (o.signal.aborted) return undefined;
        throw err;
      });
    if (stream === undefined) return;
    try {
      o.onOpen?.();
      yield* watchEvents<T>(what, stream.chunks);
    } finally {
      stream.close();
    }
  }

  function put<T extends KubeObject>(r: Resource<T>, object: T, subresource?: "status"): Promise<T> {
    const ref = object.metadata;
    const what = describeCall(subresource === undefined ? "replace" : "replace status of", r, ref);
    if (!ref.resourceVersion) {
      throw new KubeError("invalid", `${what}: metadata.resourceVersion is not set, expected that of the object read`);
    }
    return write({ method: "PUT", path: objectPath(r, ref, subresource), body: complete(r, object), what });
  }

  const client: KubeClient = {
    server: s.connection.server,
    async get<T extends KubeObject>(r: Resource<T>, ref: ObjectRef) {
      const what = describeCall("get", r, ref);
      return objectFrom<T>(what, await read({ method: "GET", path: objectPath(r, ref), what }));
    },
    tryGet: (r, ref) => client.get(r, ref).catch(undefinedWhenMissing),
    list: (r, o = {}) => (o.limit === undefined && o.continue === undefined ? everyPage(r, o) : page(r, o)),
    watch,
    async create(r, object) {
      const { namespace } = object.metadata;
      const what = describeCall("create", r, object.metadata);
      if (r.namespaced && !namespace) {
        throw new KubeError(
          "invalid",
          `${what}: metadata.namespace is not set, expected the namespace to create it in`,
        );
      }
      return write({ method: "POST", path: collectionPath(r, namespace), body: complete(r, object), what });
    },
    replace: async (r, object) => put(r, object),
    replaceStatus: async (r, object) => put(r, object, "status"),
    async patch<T extends KubeObject>(r: Resource<T>, ref: ObjectRef, patch: object, o: PatchOptions): Promise<T> {
      return write({
        method: "PATCH",
        path: objectPath(r, ref, o.subresource),
        headers: { "content-type": patchContentType[o.type] },
        body: guardedPatch(patch, o),
        what: describeCall("patch", r, ref),
      });
    },
    async apply<T extends KubeObject>(r: Resource<T>, object: T, o: ApplyOptions): Promise<T> {
      const { managedFields: _, ...metadata } = object.metadata;
      const what = describeCall("apply", r, metadata);
      if (metadata.resourceVersion && !metadata.uid) {
        throw new KubeError(
          "invalid",
          `${what}: metadata.uid is not set, expected that of the object read with its version`,
        );
      }
      const query = queryOf({ fieldManager: o.fieldManager, force: o.force ?? false });
      return write({
        method: "PATCH",
        path: objectPath(r, metadata, o.subresource) + query,
        headers: { "content-type": patchContentType.apply },
        body: complete(r, { ...object, metadata }),
        what,
      });
    },
    async delete(r, ref, o: DeleteOptions = {}) {
      const { uid, resourceVersion, propagationPolicy } = o;
      const preconditions = uid === undefined && resourceVersion === undefined ? undefined : { uid, resourceVersion };
      const body = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy, preconditions };
      await write({ method: "DELETE", path: objectPath(r, ref), body, what: describeCall("delete", r, ref) });
    },
    async raw(method, path, body, headers = {}) {
      const writableForMs = method === "GET" ? undefined : s.writableForMs;
      const answer = await transport.answer({
        method,
        path,
        body,
        headers,
        timeoutMs,
        turnOf,
        what: `${method} ${path}`,
        writableForMs,
      });
      return { status: answer.status, body: answer.body };
    },
    guarded: (writableForMs) => clientOver({ ...s, writableForMs: shorter(s.writableForMs, writableForMs) }),
    withTimeout: (ms) => clientOver({ ...s, timeoutMs: ms }),
    onBehalfOf: (whom) => clientOver({ ...s, turnOf: whom }),
    withoutWaiting: () => clientOver({ ...s, turnOf: undefined }),
    close: () => s.connection.close(),
  };
  return client;
}

function shorter(outer: (() => number) | undefined, inner: () => number): () => number {
  return outer === undefined ? inner : () => Math.min(outer(), inner());
}

function complete<T extends KubeObject>(r: Resource<T>, object: T): T {
  return { ...object, apiVersion: apiVersionOf(r), kind: r.kind };
}

function undefinedWhenMissing(err: unknown): undefined {
  if (!isKubeError(err, "not_found")) throw err;
}

/** The API's schema enforces the resource's type; here it is only made sure that there is an object at all. */
function objectFrom<T extends object>(what: string, body: unknown): T {
  if (typeof body === "object" && body !== null) return body as T;
  throw new KubeError("server_error", `${what}: the answer is not a JSON object: ${String(body).slice(0, 80)}`);
}

/** Items of a list carry no apiVersion and kind on the wire: fill them in, so that they can be owners and subjects of events. */
function listResult<T extends KubeObject>(r: Resource<T>, body: unknown): ListResult<T> {
  const list = objectFrom<{ items?: T[] | null; metadata?: { resourceVersion?: string; continue?: string } }>(
    describeCall("list", r, {}),
    body,
  );
  const items = (list.items ?? []).map((item) => complete(r, item));
  const more = list.metadata?.continue;
  return { items, resourceVersion: list.metadata?.resourceVersion ?? "", ...(more && { continue: more }) };
}
