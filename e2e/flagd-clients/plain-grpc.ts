import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { Client, credentials, loadPackageDefinition, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import type { JsonValue } from "@openfeature/core";
import { type Answer, type ClientKind, failed, type FlagClient, type Question } from "./client.ts";

const protos = join(dirname(fileURLToPath(import.meta.url)), "../../proto");
const files = { "flagd.evaluation.v1": "evaluation", "flagd.evaluation.v2": "evaluation", "schema.v1": "schema" };

/** grpc-js with our protos, and nothing between. */
export function plainGrpc(service: keyof typeof files): ClientKind {
  return {
    name: `grpc-js, ${service}`,
    open: async ({ ports }) => {
      const file = join(protos, ...service.split("."), `${files[service]}.proto`);
      const definition = loadSync(file, { includeDirs: [protos], longs: Number, defaults: true, oneofs: false });
      const found = loadPackageDefinition(definition);
      const make = service.split(".").reduce<unknown>((at, name) => Reflect.get(Object(at), name), found);
      const Service: unknown = Reflect.get(Object(make), "Service");
      if (typeof Service !== "function") throw new Error(`${file} has no Service`);
      const client: unknown = Reflect.construct(Service, [
        `127.0.0.1:${ports.evaluation}`,
        credentials.createInsecure(),
        // A killed server is looked for again soon.
        { "grpc.max_reconnect_backoff_ms": 500 },
      ]);
      if (!(client instanceof Client)) throw new Error(`${file} makes no client`);
      return grpcClient(client);
    },
  };
}

function grpcClient(client: Client): FlagClient {
  const changed: string[] = [];
  const closing = new AbortController();
  followEvents(client, changed, closing.signal);
  return {
    changed: () => changed,
    async ask(question) {
      const { key, fallback, context = {} } = question;
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const request = { flagKey: key, context: toStruct(context) };
      const reply = (error: ServiceError | null, response: Reply): void =>
        resolve(error === null ? answerOf(question, response) : failed(question, codes[error.code] ?? error.message));
      const method: unknown = Reflect.get(client, `resolve${suffixOf(fallback)}`);
      if (typeof method !== "function") throw new Error(`no method for ${typeof fallback}`);
      Reflect.apply(method, client, [request, { deadline: Date.now() + 5_000 }, reply]);
      return promise;
    },
    close: async () => {
      closing.abort();
      client.close();
    },
  };
}

/** Notes the keys in change events; a stream that ends is opened again. */
function followEvents(client: Client, changed: string[], signal: AbortSignal): void {
  const method: unknown = Reflect.get(client, "eventStream");
  if (typeof method !== "function") throw new Error("no eventStream");
  const stream: unknown = Reflect.apply(method, client, [{}]);
  if (!(stream instanceof Readable)) throw new Error("eventStream gives no stream");
  stream.on("data", ({ type, data }: { type: string; data: unknown }) => {
    if (type === "configuration_change") changed.push(...Object.keys(Object(fromStruct(data).flags)));
  });
  // How it ended is told by "status" too, after which it is opened again.
  stream.on("error", () => undefined);
  const again = (): void => void setTimeout(() => signal.aborted || followEvents(client, changed, signal), 100);
  stream.once("status", again);
}

interface Reply {
  readonly value?: unknown;
  readonly reason: string;
  readonly variant?: string;
}

function answerOf({ fallback }: Question, { value, reason, variant }: Reply): Answer {
  if (value === undefined || value === null) return { value: fallback, reason };
  return { value: typeof fallback === "object" ? fromStruct(value) : value, reason, variant };
}

export function suffixOf(fallback: Question["fallback"]): string {
  return { boolean: "Boolean", string: "String", number: "Float", object: "Object" }[String(typeof fallback)] ?? "";
}

/** How providers read the status codes of flagd. */
const codes: Readonly<Record<number, string>> = {
  2: "GENERAL",
  3: "TYPE_MISMATCH",
  5: "FLAG_NOT_FOUND",
  15: "PARSE_ERROR",
};

/** google.protobuf.Struct as proto-loader has it. */
function toStruct(object: object): object {
  return { fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, toValue(value)])) };
}

function toValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  return typeof value === "number" ? { numberValue: value } : { boolValue: value };
}

function fromStruct(struct: unknown): Record<string, JsonValue> {
  const fields: unknown = Reflect.get(Object(struct), "fields");
  return Object.fromEntries(Object.entries(Object(fields)).map(([key, value]) => [key, fromValue(value)]));
}

function fromValue(value: unknown): JsonValue {
  for (const [kind, held] of Object.entries(Object(value))) {
    if (held === undefined) continue;
    if (kind === "structValue") return fromStruct(held);
    if (kind === "listValue") return Array.from<unknown>(Object(held).values).map(fromValue);
    if (typeof held === "string" || typeof held === "number" || typeof held === "boolean") return held;
  }
  return null;
}
