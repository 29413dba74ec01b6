import { execFileSync } from "node:child_process";
import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { createDialer, type Dialer, type Server, serve } from "@burgee/service-kit";
import { captureLogger, freePort, waitFor } from "@burgee/service-kit/testing";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FlagPayload } from "../source.ts";
import { followSource } from "../testing/follow-source.ts";
import { testFlagSource } from "../testing/source-contract.ts";
import { createGrpcSource, type GrpcSourceOptions, parseGrpcTarget } from "./grpc.ts";

/** A server that sends its document to every stream, and again when it changes. */
testFlagSource("grpc", {
  create: async (document) => {
    let text = document;
    let server: Server | undefined;
    const told = new Set<() => void>();
    const handler = connectNodeAdapter({
      routes: (router) => {
        router.service(FlagSyncService, {
          async *syncFlags(_, { signal }) {
            for (let sent = ""; !signal.aborted; ) {
              if (sent !== text) {
                sent = text;
                yield { flagConfiguration: sent };
              }
              const { promise, resolve } = Promise.withResolvers<void>();
              told.add(resolve);
              signal.addEventListener("abort", () => resolve(), { once: true });
              if (sent === text) await promise;
              told.delete(resolve);
            }
          },
        });
      },
    });
    const at = { port: await freePort(), host: "127.0.0.1" };
    const restore = async (): Promise<void> => {
      server = await serve({ name: "sync", at, handler });
    };
    const lose = async (): Promise<void> => {
      await server?.close(0);
      server = undefined;
    };
    await restore();
    return {
      config: { uri: `127.0.0.1:${at.port}`, provider: "grpc" },
      async write(next) {
        text = next;
        for (const tell of [...told]) tell();
      },
      lose,
      restore,
      close: lose,
    };
  },
  lacks: { removal: "a stream has no document that could be away while the server is there" },
});

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
  tls?: { key: Buffer; cert: Buffer },
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
  const server = await serve({
    name: "sync",
    at: "port" in at ? { ...at, host: "127.0.0.1" } : at,
    handler,
    ...(tls === undefined ? {} : { tls }),
  });
  cleanUp.push(() => server.close(0));
  return server;
}

test("TLS trusts certPath alone, and nobody without it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "flag-sync-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const request = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost";
  execFileSync("openssl", [...request.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  const tls = { key: await readFile(key), cert: await readFile(cert) };
  const { port } = await startServer({ port: 0 }, { documents: ['{"flags":{}}'] }, tls);
  const config = { uri: `localhost:${port}`, provider: "grpc", tls: true };
  const untrusted = await followSource(config);
  await waitFor(() => untrusted.states.some((state) => /certificate/.test(state)), {
    describe: () => untrusted.states,
  });
  await untrusted.stop();
  const trusted = await followSource({ ...config, certPath: cert });
  await waitFor(() => trusted.payloads.length === 1, { describe: () => trusted.states });
  await trusted.stop();
  await expect(followSource({ ...config, certPath: join(folder, "none.pem") })).rejects.toThrow(
    /certPath is ".*none\.pem", expected a readable PEM file: ENOENT/,
  );
});

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
  await waitFor(() => states.at(-1)?.includes("sent flags that cannot be read: "));
  expect(payloads.length).toBe(1);
});

test("with incrementalUpdates a message replaces only the flag sets that are in it", async () => {
  const flag = { state: "ENABLED", variants: { on: true }, defaultVariant: "on" };
  const inSet = (flagSetId: string, ...keys: string[]): string =>
    JSON.stringify({ metadata: { flagSetId }, flags: Object.fromEntries(keys.map((key) => [key, flag])) });
  const documents = [inSet("one", "a", "b"), inSet("two", "c"), inSet("one", "b"), "{}", inSet("two")];
  const { port } = await startServer({ port: 0 }, { documents });
  await follow(`127.0.0.1:${port}`, { incrementalUpdates: true });
  await waitFor(() => payloads.length === 4);
  const keys = payloads.map(({ raw }) => Object.keys(JSON.parse(raw).flags).join(""));
  expect(keys).toEqual(["ab", "abc", "cb", "b"]);
  expect(states.some((state) => state.includes("flags is missing, expected an object"))).toBe(true);
  expect(payloads[3]?.config).toEqual({ flags: { b: { ...flag, metadata: { flagSetId: "one" } } } });
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
