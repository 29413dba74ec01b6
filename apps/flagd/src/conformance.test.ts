import { connect } from "node:http2";
import { testFlags } from "@burgee/flag-sync/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

let flagd: TestFlagd;
beforeAll(async () => {
  flagd = await startFlagd(testFlags);
});
afterAll(() => flagd.stop());

const known = "/flagd.evaluation.v2.Service/ResolveString";
const json = { "content-type": "application/json" };

interface Case {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
  gives: { status: number; headers?: Record<string, string | null>; body?: RegExp };
}

const plainNotFound = {
  status: 404,
  headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", allow: null },
  body: /^404 page not found\n$/,
};

/** What the Go server answers; clients and proxies may depend on status and headers. */
const cases: Record<string, Case> = {
  "a GET is not allowed": { method: "GET", gives: { status: 405, headers: { allow: "POST" } } },
  "a PUT is not allowed": { method: "PUT", body: "{}", gives: { status: 405, headers: { allow: "POST" } } },
  "Connect's GET is not allowed": {
    method: "GET",
    path: `${known}?encoding=json&message=%7B%7D&connect=v1`,
    gives: { status: 405 },
  },
  "an unknown method of a service": { path: "/flagd.evaluation.v2.Service/ResolveAll", gives: plainNotFound },
  "an unknown service": { path: "/grpc.health.v1.Health/Check", gives: plainNotFound },
  "a GET of an unknown path": { method: "GET", path: "/", gives: plainNotFound },
  "a content type that nobody speaks": { headers: { "content-type": "text/plain" }, gives: { status: 415 } },
  "grpc-web-text": { headers: { "content-type": "application/grpc-web-text" }, gives: { status: 415 } },
  "JSON on a stream": { path: "/flagd.evaluation.v2.Service/EventStream", headers: json, gives: { status: 415 } },
  "an empty body": { body: "", gives: { status: 400, body: /"code":"invalid_argument"/ } },
  "no JSON": { body: "{", gives: { status: 400, body: /"code":"invalid_argument"/ } },
  "a list": { body: "[]", gives: { status: 400, body: /"code":"invalid_argument"/ } },
  "a key that is a number": { body: '{"flagKey":1}', gives: { status: 400, body: /"code":"invalid_argument"/ } },
  "a context that is a list": {
    body: '{"flagKey":"greeting","context":[]}',
    gives: { status: 400, body: /"code":"invalid_argument"/ },
  },
  "a key twice": {
    body: '{"flagKey":"nope","flagKey":"greeting"}',
    gives: { status: 400, body: /"code":"invalid_argument"/ },
  },
  "no key": { body: "{}", gives: { status: 404, body: /"code":"not_found"/ } },
  "a context that is null": {
    body: '{"flagKey":"greeting","context":null}',
    gives: { status: 200, headers: { "content-type": "application/json" }, body: /"value":"hello"/ },
  },
  "a deadline that is no number": {
    headers: { ...json, "connect-timeout-ms": "soon" },
    body: '{"flagKey":"greeting"}',
    gives: { status: 400, body: /"code":"invalid_argument"/ },
  },
  "bytes that are no gzip": {
    headers: { ...json, "content-encoding": "gzip" },
    body: "nope",
    gives: { status: 400, body: /"code":"invalid_argument"/ },
  },
  "headers over the limit": {
    headers: { ...json, "x-much": "x".repeat(1_010_000) },
    body: "{}",
    gives: { status: 431 },
  },
  "headers within the limit": {
    headers: { ...json, "x-much": "x".repeat(900_000) },
    body: '{"flagKey":"greeting"}',
    gives: { status: 200 },
  },
};

describe("the evaluation port answers as upstream's to", () => {
  it.each(Object.entries(cases))("%s", async (_, { method = "POST", path = known, headers = json, body, gives }) => {
    const send = method === "GET" ? {} : { body: body ?? "{}" };
    const response = await fetch(`http://127.0.0.1:${flagd.port}${path}`, { method, headers, ...send });
    expect(response.status).toBe(gives.status);
    for (const [name, value] of Object.entries(gives.headers ?? {})) expect(response.headers.get(name)).toBe(value);
    expect(await response.text()).toMatch(gives.body ?? /^/);
  });
});

it("the evaluation port outlives requests that are nested as deeply as they can be", async () => {
  const depth = 100_000;
  const nested = `{"flagKey":"greeting","context":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;
  expect(await flagd.call(known, nested)).toMatchObject({ status: 400, body: { code: "invalid_argument" } });
  expect(await flagd.call(known, { flagKey: "greeting" })).toMatchObject({ status: 200 });
});

describe("gRPC on the evaluation port", () => {
  const asked = Buffer.from([0, 0, 0, 0, 10, 10, 8, ...Buffer.from("greeting")]);
  const bodies: Record<string, [body: Buffer, headers: Record<string, string>, status: string]> = {
    "answers a message": [asked, {}, "0"],
    "refuses no message at all": [Buffer.alloc(0), {}, "12"],
    "refuses two messages": [Buffer.concat([asked, asked]), {}, "12"],
    "refuses half a message": [asked.subarray(0, 8), {}, "3"],
    "refuses a message over the limit": [
      Buffer.concat([Buffer.from([0, 0, 0x20, 0, 0]), Buffer.alloc(2 ** 21)]),
      {},
      "8",
    ],
    "refuses a compression that nobody knows": [asked, { "grpc-encoding": "snappy" }, "12"],
    "refuses a deadline that it cannot read": [asked, { "grpc-timeout": "1x" }, "3"],
  };
  it.each(Object.entries(bodies))("%s", async (_, [body, headers, status]) => {
    const session = connect(`http://127.0.0.1:${flagd.port}`);
    const type = { "content-type": "application/grpc", te: "trailers" };
    const stream = session.request({ ":method": "POST", ":path": known, ...type, ...headers });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
    // A server that has heard enough may stop to read.
    stream.on("error", () => undefined).resume();
    stream.end(body);
    expect(await promise).toBe(status);
    session.destroy();
  });
});

describe("the flag sync port", () => {
  const grpc = { "content-type": "application/grpc", te: "trailers" };
  const sync = "/flagd.sync.v1.FlagSyncService";
  const calls: Record<string, [path: string, headers: Record<string, string>, gives: Record<string, unknown>]> = {
    "knows a method": [`${sync}/FetchAllFlags`, grpc, { ":status": 200, "grpc-status": "0" }],
    "says in gRPC that a method is not there": [`${sync}/Nope`, grpc, { ":status": 200, "grpc-status": "12" }],
    "does not know its ancestor": ["/sync.v1.FlagSyncService/FetchAllFlags", grpc, { "grpc-status": "12" }],
    "has no health service": ["/grpc.health.v1.Health/Check", grpc, { "grpc-status": "12" }],
    "speaks no JSON": [`${sync}/FetchAllFlags`, json, { ":status": 415 }],
    "speaks no gRPC-Web": [`${sync}/FetchAllFlags`, { "content-type": "application/grpc-web" }, { ":status": 415 }],
    "ends a stream at the client's deadline": [
      `${sync}/SyncFlags`,
      { ...grpc, "grpc-timeout": "200m" },
      { ":status": 200, "grpc-status": "4" },
    ],
    "refuses selectors that nobody knows": [
      `${sync}/SyncFlags`,
      { ...grpc, "flagd-selector": "app=x" },
      { "grpc-status": "3" },
    ],
  };
  it.each(Object.entries(calls))("%s", async (_, [path, headers, gives]) => {
    const session = connect(`http://127.0.0.1:${flagd.syncPort}`);
    const stream = session.request({ ":method": "POST", ":path": path, ...headers });
    const seen: Record<string, unknown> = {};
    stream
      .on("response", (header) => Object.assign(seen, header))
      .on("trailers", (trailer) => Object.assign(seen, trailer));
    stream.end(Buffer.alloc(5));
    await new Promise((resolve) => stream.on("close", resolve).resume());
    session.close();
    expect(seen).toMatchObject(gives);
  });
});
