import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { createDialer, type Dialer, type Server, serve } from "@burgee/service-kit";
import { captureLogger, freePort, waitFor } from "@burgee/service-kit/testing";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FlagPayload } from "../source.ts";
import { createGrpcSource, type GrpcSourceOptions, parseGrpcTarget } from "./grpc.ts";

const { log } = captureLogger();
const cleanUp: (() => Promise<void> | void)[] = [];
let dialer: Dialer;
let stop: AbortController;
const payloads: FlagPayload[] = [];
const states: string[] = [];
const seen: { providerId: string; selector: string; header: string | null }[] = [];

beforeEach(() => {
  dialer = createDialer();
  stop = new AbortController();
  for (const list of [payloads, states, seen]) list.length = 0;
});
afterEach(async () => {
  stop.abort();
  for (const clean of cleanUp.splice(0)) await clean();
  await dialer.close();
});

/** A server that sends these documents to every stream and then keeps it open, or ends it. */
async function startServer(
  at: { port: number } | { path: string },
  o: { documents: string[]; end?: boolean },
): Promise<Server> {
  const handler = connectNodeAdapter({
    routes: (router) => {
      router.service(FlagSyncService, {
        async *syncFlags({ providerId, selector }, { signal, requestHeader }) {
          seen.push({ providerId, selector, header: requestHeader.get("x-env") });
          for (const flagConfiguration of o.documents) yield { flagConfiguration };
          if (o.end !== true) await new Promise((resolve) => signal.addEventListener("abort", resolve));
        },
      });
    },
  });
  const server = await serve({ name: "sync", at: "port" in at ? { ...at, host: "127.0.0.1" } : at, handler });
  cleanUp.push(() => server.close(0));
  return server;
}

async function follow(uri: string, o: Omit<GrpcSourceOptions, "uri" | "dialer" | "log"> = {}): Promise<void> {
  await createGrpcSource({ uri, ...o, dialer, log }).start(
    stop.signal,
    (payload) => payloads.push(payload),
    (state, reason) => states.push(reason === undefined ? state : `${state}: ${reason}`),
  );
}

test("hands out every document of the stream", async () => {
  const { port } = await startServer({ port: 0 }, { documents: ['{"flags":{}}', '{"flags":{"a":{}}}'] });
  await follow(`127.0.0.1:${port}`, {
    selector: "core.openfeature.dev/a/b",
    providerId: "p1",
    headers: { "x-env": "test" },
  });
  await waitFor(() => payloads.length === 2);
  expect(payloads[1]).toEqual({
    source: `127.0.0.1:${port}`,
    selector: "core.openfeature.dev/a/b",
    config: { flags: { a: {} } },
    raw: '{"flags":{"a":{}}}',
  });
  expect(seen).toEqual([{ providerId: "p1", selector: "core.openfeature.dev/a/b", header: "test" }]);
  expect(states.at(-1)).toBe("up");
});

test("a server that comes later is found, and one that goes away is said", async () => {
  const port = await freePort();
  await follow(`127.0.0.1:${port}`);
  await waitFor(() => states.some((state) => state.includes("cannot be followed: [unavailable]")));
  const server = await startServer({ port }, { documents: ['{"flags":{}}'] });
  await waitFor(() => payloads.length === 1);
  await server.close(0);
  await waitFor(() => states.at(-1)?.startsWith("down: "));
  await startServer({ port }, { documents: ['{"flags":{"b":{}}}'] });
  await waitFor(() => payloads.at(-1)?.raw === '{"flags":{"b":{}}}');
  expect(states.at(-1)).toBe("up");
});

test("a stream that the server ends is opened again, without alarm", async () => {
  const { port } = await startServer({ port: 0 }, { documents: ['{"flags":{}}'], end: true });
  await follow(`127.0.0.1:${port}`);
  await waitFor(() => seen.length >= 3);
  expect(states.every((state) => state === "up")).toBe(true);
});

test("a document that is not JSON is said and not handed out", async () => {
  const { port } = await startServer({ port: 0 }, { documents: ['{"flags":{}}', "{"] });
  await follow(`127.0.0.1:${port}`);
  await waitFor(() => states.at(-1)?.includes("sent flags that are not JSON"));
  expect(payloads.length).toBe(1);
});

test("a Unix socket and a name behind another address work", async () => {
  const path = join(await mkdtemp(join(tmpdir(), "flag-sync-")), "sync.sock");
  await startServer({ path }, { documents: ['{"flags":{}}'] });
  await follow(`unix://${path}`);
  await waitFor(() => payloads.length === 1);
  const { port } = await startServer({ port: 0 }, { documents: ['{"flags":{}}'] });
  await follow(`envoy://127.0.0.1:${port}/flags.example`);
  await waitFor(() => payloads.length === 2);
});

const targets: Record<string, object> = {
  "host:8015": { authority: "host:8015" },
  "[::1]:8015": { authority: "[::1]:8015" },
  "dns:host:8015": { authority: "host:8015" },
  "dns:///host:8015": { authority: "host:8015" },
  "dns://8.8.8.8/host:8015": { authority: "host:8015" },
  "unix:/tmp/x.sock": { authority: "localhost", at: { path: "/tmp/x.sock" } },
  "unix:///tmp/x.sock": { authority: "localhost", at: { path: "/tmp/x.sock" } },
  "envoy://localhost:9211/flagd.service": { authority: "flagd.service", at: { host: "localhost", port: 9211 } },
  "xds:///x": {
    problem: "expected host:port, dns:///host:port, unix:path or envoy://host:port/authority",
  },
  host: {
    problem: "expected host:port, dns:///host:port, unix:path or envoy://host:port/authority",
  },
};
test("a bad target says what would be right", () => {
  expect(() => createGrpcSource({ uri: "xds:///x", dialer, log })).toThrow(
    "expected host:port, dns:///host:port, unix:path",
  );
});

for (const [uri, target] of Object.entries(targets)) {
  test(`target ${uri}`, () => expect(parseGrpcTarget(uri)).toEqual(target));
}
