// The baseline: the same answers as anybody would serve them, with connect-node and fastify as they come. It counts nothing.
// node plain-server.ts: prints its ports as one line of JSON.
import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import type { JsonObject as PbObject } from "@bufbuild/protobuf";
import { Service } from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import {
  type CompiledFlag,
  compileFlag,
  evaluateFlag,
  type FlagType,
  isObject,
  type JsonObject,
  type JsonValue,
  parseFlagDocument,
} from "@burgee/flag-engine";
import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import fastify from "fastify";
import { benchFlags } from "./flags.ts";

const parsed = parseFlagDocument(benchFlags());
if (!parsed.ok) throw new Error(`the flags of the bench are not valid: ${JSON.stringify(parsed.problems)}`);
const flags = new Map(parsed.document.flags.map((definition) => [definition.key, compileFlag(definition)]));

function evaluate(flag: CompiledFlag | undefined, type: FlagType, context: JsonObject) {
  if (flag === undefined) throw new ConnectError("Flag not found", Code.NotFound);
  const resolution = evaluateFlag(flag, { type, context, nowSeconds: Math.floor(Date.now() / 1_000) });
  if (!resolution.ok) throw new ConnectError(resolution.message, Code.InvalidArgument);
  const { value, variant = "", reason, metadata } = resolution;
  return { value, variant, reason, metadata: structOf(metadata) };
}

function structOf(value: unknown): PbObject {
  return isStruct(value) ? value : {};
}

function isStruct(value: unknown): value is PbObject {
  return isObject(value);
}

function anyValue(value: JsonValue | undefined) {
  if (typeof value === "boolean") return { case: "boolValue", value } as const;
  if (typeof value === "string") return { case: "stringValue", value } as const;
  if (typeof value === "number") return { case: "doubleValue", value } as const;
  return { case: "objectValue", value: structOf(value) } as const;
}

function routes(router: ConnectRouter): void {
  router.service(Service, {
    resolveBoolean({ flagKey, context = {} }) {
      const { value, ...rest } = evaluate(flags.get(flagKey), "boolean", context);
      return { ...rest, value: value === true };
    },
    resolveAll({ context = {} }) {
      const items = [...flags].map(([key, flag]) => {
        const { value, ...rest } = evaluate(flag, "any", context);
        return [key, { ...rest, value: anyValue(value) }] as const;
      });
      return { flags: Object.fromEntries(items), metadata: {} };
    },
  });
}

const handler = connectNodeAdapter({ routes, jsonOptions: { alwaysEmitImplicit: true, ignoreUnknownFields: true } });
const ofrep = fastify();
const one = (key: string, context: JsonObject) => ({ ...evaluate(flags.get(key), "any", context), key });
ofrep.post<{ Params: { key: string }; Body: { context?: JsonObject } }>("/ofrep/v1/evaluate/flags/:key", (request) =>
  one(request.params.key, request.body.context ?? {}),
);
ofrep.post<{ Body: { context?: JsonObject } }>("/ofrep/v1/evaluate/flags", ({ body: { context = {} } }) => ({
  flags: [...flags.keys()].map((key) => one(key, context)),
  metadata: {},
}));

async function listen(server: http.Server | http2.Http2Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return isAddress(address) ? address.port : 0;
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

await ofrep.listen({ port: 0, host: "127.0.0.1" });
process.stdout.write(
  `${JSON.stringify({
    grpc: await listen(http2.createServer(handler)),
    json: await listen(http.createServer(handler)),
    ofrep: await listenedPort(),
  })}\n`,
);

async function listenedPort(): Promise<number> {
  const address = ofrep.server.address();
  return isAddress(address) ? address.port : 0;
}
