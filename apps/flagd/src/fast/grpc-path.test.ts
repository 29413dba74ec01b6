import { once } from "node:events";
import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { ResolveAllRequestSchema } from "@burgee/contracts/gen/flagd/evaluation/v1/evaluation_pb";
import { ResolveStringRequestSchema } from "@burgee/contracts/gen/flagd/evaluation/v2/evaluation_pb";
import type { JsonObject, JsonValue } from "@burgee/flag-engine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EvaluationPair, startEvaluationPair } from "../testing/evaluation-pair.ts";
import { wireFlags as flags } from "../testing/wire-flags.ts";

let pair: EvaluationPair;
let fast: ClientHttp2Session;
let general: ClientHttp2Session;
beforeAll(async () => {
  pair = await startEvaluationPair(flags, { maxRequestBytes: 10_000 });
  fast = connect(`http://127.0.0.1:${pair.fast}`);
  general = connect(`http://127.0.0.1:${pair.connect}`);
});
afterAll(async () => {
  fast.close();
  general.close();
  await pair.stop();
});

interface Call {
  path?: string;
  headers?: OutgoingHttpHeaders;
  /** DATA frames; none: the request has no body. */
  chunks?: readonly Buffer[];
}

const plain = { "content-type": "application/grpc", te: "trailers" };
const boolean = "/flagd.evaluation.v2.Service/ResolveBoolean";

/** All that a client can see of an answer, but the time. */
async function exchange(session: ClientHttp2Session, { path = boolean, headers = {}, chunks = [] }: Call) {
  const stream = session.request(
    { ":method": "POST", ":path": path, ...plain, ...headers },
    { endStream: chunks.length === 0 },
  );
  const seen: { headers?: object; trailers?: object; body: string } = { body: "" };
  const body: Buffer[] = [];
  stream.on("response", ({ date: _, ...rest }) => {
    seen.headers = { ...rest };
  });
  stream.on("trailers", (trailers) => {
    seen.trailers = { ...trailers };
  });
  stream.on("data", (chunk: Buffer) => body.push(chunk));
  for (const chunk of chunks) {
    // Each in a DATA frame of its own.
    await new Promise((resolve) => stream.write(chunk, resolve));
  }
  if (chunks.length > 0) stream.end();
  await once(stream, "close");
  return { ...seen, body: Buffer.concat(body).toString("hex"), reset: stream.rstCode };
}

async function expectSame(call: Call): Promise<Awaited<ReturnType<typeof exchange>>> {
  const [ours, connects] = await Promise.all([exchange(fast, call), exchange(general, call)]);
  expect(ours).toEqual(connects);
  return ours;
}

function envelope(message: Uint8Array, flag = 0): Buffer {
  const bytes = Buffer.alloc(5 + message.length);
  bytes[0] = flag;
  bytes.writeUInt32BE(message.length, 1);
  bytes.set(message, 5);
  return bytes;
}

function ask(flagKey: string, context?: JsonObject): Buffer {
  const request = { flagKey, ...(context !== undefined && { context: JSON.parse(JSON.stringify(context)) }) };
  return envelope(toBinary(ResolveStringRequestSchema, create(ResolveStringRequestSchema, request)));
}

function askAll(context: JsonObject): Uint8Array {
  const request = { context: JSON.parse(JSON.stringify(context)) };
  return toBinary(ResolveAllRequestSchema, create(ResolveAllRequestSchema, request));
}

const methods = ["flagd.evaluation.v2", "flagd.evaluation.v1", "schema.v1"].flatMap((service) =>
  ["Boolean", "String", "Float", "Int", "Object"].map((type) => `/${service}.Service/Resolve${type}`),
);

describe("the fast path answers as Connect does", () => {
  const contexts: readonly (JsonObject | undefined)[] = [
    undefined,
    {},
    { releaseRole: "canary", targetingKey: "ann" },
    { deep: { list: [null, "x", { y: [] }], "": {} }, n: -0.1, t: true, f: false, ключ: "☃" },
  ];
  it.each(methods)("%s of every flag, with every kind of context", async (path) => {
    for (const key of [...Object.keys(flags.flags), "nope", ""]) {
      for (const context of contexts) {
        const { trailers } = await expectSame({ path, chunks: [ask(key, context)] });
        expect(trailers).toHaveProperty("grpc-status");
      }
    }
  });

  it.each(["flagd.evaluation.v1", "schema.v1"])("%s for all flags", async (service) => {
    const path = `/${service}.Service/ResolveAll`;
    for (const context of contexts) {
      const body = context === undefined ? Buffer.alloc(0) : askAll(context);
      for (const headers of [{}, ...Object.values(headerCases)]) {
        await expectSame({ path, headers, chunks: [envelope(body)] });
      }
    }
  });

  it("for contexts at random", async () => {
    const random = randomFrom(7);
    const cases = Math.max(100, Math.round(4_000 * Number(process.env.BURGEE_TEST_SCALE ?? 0.05)));
    for (let i = 0; i < cases; i++) {
      const context = Object.fromEntries(
        Array.from({ length: Math.floor(random() * 6) }, (_, n) => [`k${n}`, randomValue(random, 0)]),
      );
      await expectSame({ chunks: [ask("echo", { deep: randomValue(random, 0), ...context })] });
    }
  });
});

const headerCases: Record<string, OutgoingHttpHeaders> = {
  "a selector of a set": { "flagd-selector": "flagSetId=places" },
  "a selector of a source": { "flagd-selector": "test" },
  "a selector that cannot be read": { "flagd-selector": "colour=red" },
  "a header that goes into the context": { "burgee-release-role": "canary" },
  "a deadline": { "grpc-timeout": "500m" },
  "a deadline of a year": { "grpc-timeout": "8760H" },
  "a deadline that is malformed": { "grpc-timeout": "soon" },
  "a browser": { origin: "https://shop.example" },
  "an encoding that nobody knows": { "grpc-encoding": "zstd" },
  "JSON in gRPC": { "content-type": "application/grpc+json" },
  "another type": { "content-type": "text/plain" },
  "the full name of the type": { "content-type": "application/grpc+proto" },
};

/** One field of a request: number, wire type, and bytes after it. */
const field = (number: number, type: number, ...bytes: number[]): Buffer =>
  Buffer.from([(number << 3) | type, ...bytes]);
const key = Buffer.concat([field(1, 2, 6), Buffer.from("banner")]);
const context = (...bytes: number[]): Buffer => field(2, 2, bytes.length, ...bytes);
/** A struct with the key `a` and this value. */
const valued = (...value: number[]): Buffer =>
  context(0x0a, 5 + value.length, 0x0a, 1, 0x61, 0x12, value.length, ...value);

const bodyCases: Record<string, readonly Buffer[]> = {
  "no body": [],
  "an empty message": [envelope(Buffer.alloc(0))],
  "a message in two pieces": [ask("greeting").subarray(0, 7), ask("greeting").subarray(7)],
  "an envelope in two pieces": [ask("greeting").subarray(0, 3), ask("greeting").subarray(3)],
  "less than it says": [ask("greeting").subarray(0, 9)],
  "a message that says to be compressed": [envelope(ask("banner").subarray(5), 1)],
  "a message over the limit": [ask("banner", { text: "x".repeat(10_000) })],
  "an unknown field": [envelope(Buffer.concat([key, field(9, 2, 1, 65)]))],
  "a field of another wire type": [envelope(Buffer.concat([key, field(1, 0, 1)]))],
  "the key twice": [envelope(Buffer.concat([key, key]))],
  "the context twice": [envelope(Buffer.concat([key, valued(0x20, 1), valued(0x1a, 1, 0x62)]))],
  "a key that is not UTF-8": [envelope(Buffer.concat([field(1, 2, 2), Buffer.from([0xff, 0xfe])]))],
  "no number": [envelope(Buffer.concat([key, valued(0x11, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f)]))],
  infinity: [envelope(Buffer.concat([key, valued(0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f)]))],
  "a value without a kind": [envelope(Buffer.concat([key, valued()]))],
  "a value of two kinds": [envelope(Buffer.concat([key, valued(0x20, 1, 0x1a, 1, 0x62)]))],
  "null as a number other than 0": [envelope(Buffer.concat([key, valued(0x08, 5)]))],
  "a boolean other than 0 and 1": [envelope(Buffer.concat([key, valued(0x20, 2)]))],
  "an entry without a key": [envelope(Buffer.concat([key, context(0x0a, 4, 0x12, 2, 0x20, 1)]))],
  "a length beyond the end": [envelope(Buffer.concat([key, field(2, 2, 99, 1)]))],
  "a message that ends in the middle": [envelope(ask("banner", { a: 1 }).subarray(5, -3))],
  "a key named like a prototype": [ask("banner", JSON.parse('{"__proto__":{"releaseRole":"canary"}}'))],
  "a context that is nested deeply": [ask("banner", nested(30))],
};

describe("what is not plain goes to Connect", () => {
  it.each(Object.entries(headerCases))("%s", async (_, headers) => {
    for (const asked of ["banner", "greeting", "region", "nope"]) {
      await expectSame({ headers, chunks: [ask(asked, { a: "b" })] });
    }
  });

  it.each(Object.entries(bodyCases))("%s", async (_, chunks) => {
    await expectSame({ chunks });
  });
});

it("compresses nothing, and says so, where Connect would announce what it then does not do", async () => {
  const call = { headers: { "grpc-accept-encoding": "gzip" }, chunks: [ask("greeting")] };
  const [ours, connects] = await Promise.all([exchange(fast, call), exchange(general, call)]);
  expect(connects.headers).toHaveProperty("grpc-encoding", "gzip");
  expect(ours.headers).not.toHaveProperty("grpc-encoding");
  expect([ours.body, ours.trailers]).toEqual([connects.body, connects.trailers]);
});

it("tells of a deadline that passes before the message has come", async () => {
  const stream = fast.request({ ":method": "POST", ":path": boolean, ...plain, "grpc-timeout": "20m" });
  const [trailers] = await once(stream.resume(), "trailers");
  expect(trailers).toMatchObject({ "grpc-status": "4", "grpc-message": "the%20operation%20timed%20out" });
  stream.end();
});

it("lets clients go away at any time", async () => {
  for (const chunks of [[], [ask("banner").subarray(0, 4)], [ask("banner")]]) {
    const stream = fast.request({ ":method": "POST", ":path": boolean, ...plain, "grpc-timeout": "5m" });
    stream.on("error", () => {});
    for (const chunk of chunks) stream.write(chunk);
    stream.close(8);
    await once(stream, "close");
  }
  const { trailers } = await expectSame({ chunks: [ask("banner")] });
  expect(trailers).toHaveProperty("grpc-status", "0");
});

function nested(depth: number): JsonObject {
  return depth === 0 ? { end: true } : { a: nested(depth - 1) };
}

function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function randomValue(random: () => number, depth: number): JsonValue {
  const kinds: readonly (() => JsonValue)[] = [
    () => null,
    () => random() < 0.5,
    () => Math.round(random() * 1e6) / 64 - 5_000,
    () =>
      random() < 0.3
        ? "x"
        : String.fromCodePoint(...Array.from({ length: 3 }, () => 1 + Math.floor(random() * 50_000))),
    () => Array.from({ length: Math.floor(random() * 3) }, () => randomValue(random, depth + 1)),
    () => ({
      list: randomValue(random, depth + 1),
      [String(Math.floor(random() * 9))]: randomValue(random, depth + 1),
    }),
  ];
  return kinds[Math.floor(random() * (depth > 3 ? 4 : kinds.length))]?.() ?? null;
}
