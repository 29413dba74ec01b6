// The raw gRPC path, byte by byte and under load, with a client of another make.
import http2 from "node:http2";
import { gzipSync } from "node:zlib";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { SyncFlagsRequestSchema, SyncFlagsResponseSchema } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { featureFlag } from "@burgee/flag-sync/testing";
import { waitFor } from "@burgee/service-kit/testing";
import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { timeoutOf } from "./sync-streams.ts";
import { type ProxyLab, selectorOf, startLab } from "./testing/proxy-lab.ts";

const path = "/flagd.sync.v1.FlagSyncService/SyncFlags";
let lab: ProxyLab;
const cleanUp: (() => void)[] = [];

beforeEach(async () => {
  lab = await startLab();
  await lab.sim.apply(featureFlag("shop"));
});
afterEach(async () => {
  for (const clean of cleanUp.splice(0)) clean();
  await lab.stop();
});

function connect(): http2.ClientHttp2Session {
  const session = http2.connect(lab.url);
  session.on("error", () => session.destroy());
  cleanUp.push(() => session.destroy());
  return session;
}

function requestFrame(selector: string, o: { readonly gzip?: boolean } = {}): Buffer {
  const plain = toBinary(SyncFlagsRequestSchema, create(SyncFlagsRequestSchema, { selector }));
  const message = o.gzip === true ? gzipSync(plain) : plain;
  const frame = Buffer.alloc(5 + message.length);
  frame[0] = o.gzip === true ? 1 : 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return frame;
}

interface RawCall {
  readonly stream: http2.ClientHttp2Stream;
  received(): Buffer;
  trailers(): http2.IncomingHttpHeaders | undefined;
}

function call(session: http2.ClientHttp2Session, body: Buffer, headers: http2.OutgoingHttpHeaders = {}): RawCall {
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  let received = Buffer.alloc(0);
  let trailers: http2.IncomingHttpHeaders | undefined;
  stream.on("error", () => stream.destroy());
  stream.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  stream.on("trailers", (fields) => {
    trailers = fields;
  });
  stream.end(body);
  return { stream, received: () => received, trailers: () => trailers };
}

test("grpc-js reads the flags and the error of a bad selector", async () => {
  const client = new Client(new URL(lab.url).host, credentials.createInsecure());
  cleanUp.push(() => client.close());
  const serialize = (selector: string): Buffer => requestFrame(selector).subarray(5);
  const deserialize = (bytes: Buffer): string => fromBinary(SyncFlagsResponseSchema, bytes).flagConfiguration;
  const good = client.makeServerStreamRequest(path, serialize, deserialize, selectorOf("shop"));
  const first = await new Promise((resolve, reject) => good.once("data", resolve).once("error", reject));
  expect(first).toContain('"banner"');
  good.on("error", () => undefined);
  good.cancel();
  const bad = client.makeServerStreamRequest(path, serialize, deserialize, "ünknown");
  bad.on("data", () => undefined);
  const error = await new Promise<ServiceError>((resolve) => bad.once("error", resolve));
  expect([error.code, error.details]).toEqual([
    2,
    "unrecognized URI: ünknown, expected core.openfeature.dev/<namespace>/<crdName>",
  ]);
  await waitFor(async () => (await lab.value("sync_active_streams")) === 0);
});

test("a compressed request is understood", async () => {
  const sent = call(connect(), requestFrame(selectorOf("shop"), { gzip: true }), { "grpc-encoding": "gzip" });
  await waitFor(() => sent.received().includes("banner"));
});

const broken: Record<string, [Buffer, http2.OutgoingHttpHeaders, string]> = {
  "an empty body": [Buffer.alloc(0), {}, "request has 0 bytes, expected one complete gRPC message"],
  "a cut message": [requestFrame("a").subarray(0, 6), {}, "request has 6 bytes, expected one complete gRPC message"],
  "an unknown compression": [
    requestFrame("a", { gzip: true }),
    { "grpc-encoding": "br" },
    'request is compressed with "br", expected gzip or none',
  ],
  "bytes that are no message": [Buffer.from([0, 0, 0, 0, 1, 255]), {}, "premature EOF"],
};
for (const [name, [body, headers, message]] of Object.entries(broken)) {
  test(`${name} is an invalid argument`, async () => {
    const sent = call(connect(), body, headers);
    const trailers = await waitFor(() => sent.trailers());
    expect([trailers["grpc-status"], decodeURIComponent(String(trailers["grpc-message"]))]).toEqual(["3", message]);
  });
}

test("a client that vanishes leaves nothing behind", async () => {
  const session = connect();
  const sent = call(session, requestFrame(selectorOf("shop")));
  await waitFor(() => sent.received().length > 0);
  session.destroy();
  await waitFor(async () => (await lab.value("sync_active_streams")) === 0);
  await waitFor(async () => (await lab.value("burgee_flagd_proxy_watches")) === 0);
});

test("a slow subscriber gets the newest version, not every one, and holds up nobody", async () => {
  const padding = "x".repeat(200_000);
  const slow = connect().request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
  });
  slow.on("error", () => slow.destroy());
  slow.end(requestFrame(selectorOf("shop")));
  const quick = call(connect(), requestFrame(selectorOf("shop")));
  await waitFor(async () => (await lab.value("sync_active_streams")) === 2);
  const versions = 8;
  for (let version = 1; version <= versions; version++) {
    await lab.sim.apply(featureFlag("shop", { on: version % 2 === 0, padding: `${version}${padding}` }));
    await waitFor(() => quick.received().includes(`"${version}xxx`));
  }
  expect(await lab.value("burgee_flagd_proxy_coalesced_versions_total")).toBeGreaterThan(0);
  let received = Buffer.alloc(0);
  slow.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  await waitFor(() => received.includes(`"${versions}xxx`));
  const frames = framesIn(received);
  expect(frames.length).toBeLessThan(versions + 1);
  expect(frames.at(-1)?.includes(`"${versions}xxx`)).toBe(true);
});

function framesIn(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 1);
    frames.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  return frames;
}

test("hundreds of subscribers all get a change", async () => {
  const sessions = Array.from({ length: 5 }, connect);
  const calls = sessions.flatMap((session) =>
    Array.from({ length: 100 }, () => call(session, requestFrame(selectorOf("shop")))),
  );
  await waitFor(() => calls.every((sent) => sent.received().includes('"off"')));
  await lab.sim.apply(featureFlag("shop", { on: true }));
  await waitFor(() => calls.every((sent) => sent.received().includes('"defaultVariant":"on"')));
  expect(lab.sim.requests.log.filter((r) => r.verb === "watch" && r.resource === "featureflags")).toHaveLength(1);
});

const timeouts: Record<string, number | undefined> = {
  "5S": 5_000,
  "100m": 100,
  "2M": 120_000,
  "1H": 3_600_000,
  "99999999H": undefined,
  "5": undefined,
  x: undefined,
};
for (const [header, ms] of Object.entries(timeouts)) {
  test(`grpc-timeout ${header} is ${ms} ms`, () => expect(timeoutOf(header)).toBe(ms));
}
