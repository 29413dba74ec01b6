import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  ResolveBooleanRequestSchema,
  ResolveBooleanResponseSchema,
  Service,
} from "@burgee/contracts/gen/flagd/evaluation/v2/evaluation_pb";
import { testFlags } from "@burgee/flag-sync/testing";
import { createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFlagd, type TestFlagd } from "./testing/flagd-process.ts";

let flagd: TestFlagd;
beforeAll(async () => {
  flagd = await startFlagd(testFlags, ["-H", "burgee-release-role=releaseRole"]);
});
afterAll(() => flagd.stop());

const transports: Record<string, (baseUrl: string) => Transport> = {
  "gRPC over h2c": (baseUrl) => createGrpcTransport({ baseUrl }),
  "gRPC-Web over HTTP/1.1": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "1.1" }),
  "gRPC-Web over h2c": (baseUrl) => createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
  "Connect over HTTP/1.1": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "1.1", useBinaryFormat: true }),
  "Connect JSON over h2c": (baseUrl) => createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
};

describe.each(Object.entries(transports))("%s", (_, transport) => {
  const client = () => createClient(Service, transport(`http://127.0.0.1:${flagd.port}`));

  it("resolves with context and metadata of the request", async () => {
    const headers = { "burgee-release-role": "canary" };
    const answer = await client().resolveBoolean({ flagKey: "banner", context: { a: { b: [1, null] } } }, { headers });
    expect(answer).toMatchObject({ value: true, variant: "on", reason: "TARGETING_MATCH", metadata: { team: "shop" } });
  });

  it("leaves value and variant unset where the caller's default applies", async () => {
    const answer = await client().resolveBoolean({ flagKey: "undecided" });
    expect([answer.reason, answer.value, answer.variant]).toEqual(["DEFAULT", undefined, undefined]);
  });

  it("fails with the protocol's code and upstream's words", async () => {
    await expect(client().resolveInt({ flagKey: "greeting" })).rejects.toThrow(
      "[invalid_argument] Type mismatch error",
    );
    await expect(client().resolveInt({ flagKey: "nope" })).rejects.toThrow("[not_found] Flag not found");
  });

  it("streams events, the first at once", async () => {
    const stop = new AbortController();
    const stream = client().eventStream({}, { signal: stop.signal })[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ type: "provider_ready", data: {} });
    stop.abort();
    await expect(stream.next()).rejects.toThrow(/cancel|abort/i);
  });
});

describe("grpc-js", () => {
  const resolve = (flagKey: string, metadata: Metadata) =>
    new Promise<unknown>((done) => {
      const client = new Client(`127.0.0.1:${flagd.port}`, credentials.createInsecure());
      client.makeUnaryRequest(
        "/flagd.evaluation.v2.Service/ResolveBoolean",
        (request: string) =>
          Buffer.from(toBinary(ResolveBooleanRequestSchema, create(ResolveBooleanRequestSchema, { flagKey: request }))),
        (bytes) => fromBinary(ResolveBooleanResponseSchema, bytes),
        flagKey,
        metadata,
        { deadline: Date.now() + 5_000 },
        (error: ServiceError | null, answer) => {
          client.close();
          done(error === null ? answer : { code: error.code, details: error.details });
        },
      );
    });

  it("resolves, with metadata taken for headers", async () => {
    const metadata = new Metadata();
    metadata.set("burgee-release-role", "canary");
    expect(await resolve("banner", metadata)).toMatchObject({ value: true, variant: "on" });
  });

  it("gets upstream's status codes", async () => {
    const none = new Metadata();
    expect(await resolve("nope", none)).toEqual({ code: status.NOT_FOUND, details: "Flag not found" });
    expect(await resolve("broken", none)).toMatchObject({ code: status.DATA_LOSS });
    expect(await resolve("lost", none)).toMatchObject({ code: status.UNKNOWN });
  });
});
