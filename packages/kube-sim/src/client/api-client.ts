import { Agent, type IncomingMessage, request as httpRequest } from "node:http";
import { Agent as TlsAgent, request as httpsRequest } from "node:https";
import { isObject, type JsonObject, objectsAt, stringAt } from "../api/json.ts";
import { type KubeObject, objectFromBody } from "../api/object.ts";
import { type Collection, collectionsOf } from "./collections.ts";
import { fromWire, toWire } from "./loopback.ts";
import type { ResourcePath } from "./paths.ts";

/** A refused or failed call. `status` is 0 when there was no answer. */
export class ClientError extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ClientError";
    this.status = status;
    this.reason = reason;
  }
}

/** What a call may carry. */
export interface CallOptions {
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
}

/** The small client that the simulated controllers, kubelet and gateway use; it knows nothing but the public API. */
export class ApiClient {
  readonly server: string;
  readonly #agent: Agent;
  readonly #headers: Record<string, string>;
  readonly #namespaces: readonly string[] | undefined;

  /**
   * With `namespaces`, informers of this client follow only what is in them. `ca`: the authority that the server's
   * certificate comes from, as PEM.
   */
  constructor(o: {
    server: string;
    userAgent: string;
    token?: string;
    ca?: string;
    namespaces?: readonly string[];
  }) {
    this.server = o.server;
    this.#namespaces = o.namespaces;
    const pool = { keepAlive: true, maxSockets: 256, scheduling: "lifo" as const };
    this.#agent = o.server.startsWith("https:")
      ? new TlsAgent({ ...pool, ...(o.ca && { ca: o.ca }) })
      : new Agent(pool);
    this.#headers = {
      "user-agent": o.userAgent,
      accept: "application/json",
      ...(o.token && { authorization: `Bearer ${o.token}` }),
    };
  }

  /** The decoded answer. Throws ClientError for anything but 2xx. */
  async call(method: string, path: string, o: CallOptions = {}): Promise<JsonObject> {
    const response = await this.open(method, path, o);
    const text = await textOf(response);
    const value: unknown = text === "" ? {} : parse(text);
    const status = response.statusCode ?? 0;
    const body: JsonObject = isObject(value) ? value : {};
    if (status >= 200 && status < 300) return fromWire(path, body);
    const message = typeof body.message === "string" ? body.message : text.slice(0, 200);
    throw new ClientError(
      status,
      typeof body.reason === "string" ? body.reason : "Unknown",
      `${method} ${path}: ${message}`,
    );
  }

  /** The answer as a stream. */
  open(method: string, path: string, o: CallOptions = {}): Promise<IncomingMessage> {
    const url = new URL(this.server + path);
    const payload = o.body === undefined ? undefined : JSON.stringify(toWire(path, o.body));
    return new Promise((resolve, reject) => {
      const headers = {
        ...this.#headers,
        ...(payload !== undefined && {
          "content-type": o.contentType ?? "application/json",
          "content-length": Buffer.byteLength(payload),
        }),
      };
      const request = (url.protocol === "https:" ? httpsRequest : httpRequest)(
        url,
        { method, headers, agent: this.#agent, ...(o.signal && { signal: o.signal }) },
        resolve,
      );
      request.once("error", (cause) => {
        reject(new ClientError(0, "Unreachable", `${method} ${path}: ${cause.message}`, { cause }));
      });
      request.end(payload);
    });
  }

  /** What an informer of this kind lists and watches. */
  collectionsOf(resource: ResourcePath): Collection[] {
    return collectionsOf(resource, this.#namespaces);
  }

  async list({ path, query }: Collection): Promise<{ items: KubeObject[]; resourceVersion: string }> {
    const body = await this.call("GET", query === "" ? path : `${path}?${query.slice(1)}`);
    // Items of a list carry no apiVersion and kind on the wire: without them they could not be owners.
    const type = { apiVersion: body.apiVersion, kind: String(body.kind).replace(/List$/, "") };
    const items = objectsAt(body, "items").map((item) => objectFromBody(fromWire(path, { ...type, ...item })));
    return { items, resourceVersion: stringAt(body, "metadata", "resourceVersion") ?? "" };
  }

  async create(resource: ResourcePath, object: object, namespace?: string): Promise<KubeObject> {
    return objectFromBody(await this.call("POST", collection(resource, namespace), { body: object }));
  }

  async get(resource: ResourcePath, name: string, namespace?: string): Promise<KubeObject> {
    return objectFromBody(await this.call("GET", `${collection(resource, namespace)}/${name}`));
  }

  /** PUT of an object or of one subresource; carries the object's resourceVersion. */
  async replace(resource: ResourcePath, object: KubeObject, subresource?: string): Promise<KubeObject> {
    return objectFromBody(await this.call("PUT", pathOf(resource, object, subresource), { body: object }));
  }

  /** A JSON merge patch. */
  async merge(resource: ResourcePath, object: KubeObject, patch: object, subresource?: string): Promise<KubeObject> {
    const options = { body: patch, contentType: "application/merge-patch+json" };
    return objectFromBody(await this.call("PATCH", pathOf(resource, object, subresource), options));
  }

  async delete(resource: ResourcePath, object: KubeObject, options: object = {}): Promise<void> {
    const preconditions = { uid: object.metadata.uid };
    await this.call("DELETE", pathOf(resource, object), { body: { preconditions, ...options } });
  }

  close(): void {
    this.#agent.destroy();
  }
}

function collection(resource: ResourcePath, namespace: string | undefined): string {
  return namespace === undefined
    ? `${resource.api}/${resource.plural}`
    : `${resource.api}/namespaces/${namespace}/${resource.plural}`;
}

function pathOf(resource: ResourcePath, object: KubeObject, subresource?: string): string {
  const namespace = resource.namespaced ? object.metadata.namespace : undefined;
  const path = `${collection(resource, namespace)}/${object.metadata.name}`;
  return subresource ? `${path}/${subresource}` : path;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ClientError(0, "BadAnswer", `the answer is no JSON: ${text.slice(0, 100)}`, { cause });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response) text += chunk;
  return text;
}
