import { readFileSync } from "node:fs";
import net from "node:net";
// Any service would do.
import { FlagSyncService } from "@burgee/contracts/gen/flagd/sync/v1/sync_pb";
import { createClient } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { afterEach, expect, test } from "vitest";
import { createDialer } from "./dialer.ts";
import { type Server, serve } from "./serve.ts";
import { freePort } from "./testing/free-port.ts";

const [cert, key] = ["crt", "key"].map((name) =>
  readFileSync(new URL(`../testdata/loopback.${name}`, import.meta.url)),
);
const cleanUp: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean();
});

async function startServer(o: { tls?: boolean } = {}): Promise<Server> {
  const handler = connectNodeAdapter({
    routes: (router) => {
      router.service(FlagSyncService, {
        fetchAllFlags: ({ selector }) => ({ flagConfiguration: `for ${selector}` }),
        async *syncFlags(_, { signal }) {
          for (let n = 1; n <= 3 && !signal.aborted; n++) yield { flagConfiguration: "x".repeat(n * 100_000) };
        },
      });
    },
  });
  const server = await serve({
    name: "grpc",
    at: { port: 0, host: "127.0.0.1" },
    handler,
    ...(o.tls === true && cert !== undefined && key !== undefined ? { tls: { cert, key } } : {}),
  });
  cleanUp.push(() => server.close(0));
  return server;
}

/** A proxy that leads every name to loopback. */
async function startProxy(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const port = await freePort();
  const proxy = net.createServer((client) => {
    client.on("error", () => client.destroy());
    client.once("data", (head) => {
      const [line = ""] = String(head).split("\r\n");
      asked.push(line);
      const target = net.connect(Number(/:(\d+) /.exec(line)?.[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        client.pipe(target).pipe(client);
      });
      target.on("error", () => client.destroy());
      client.on("close", () => target.destroy());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(port, "127.0.0.1", resolve));
  cleanUp.push(() => {
    proxy.close();
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}

function dialer(o: Parameters<typeof createDialer>[0] = {}): ReturnType<typeof createDialer> {
  const made = createDialer(o);
  cleanUp.push(() => made.close());
  return made;
}

const ways = {
  "h2c, direct": {},
  "h2, direct": { tls: true },
  "h2c, by proxy": { proxied: true },
  "h2, by proxy": { tls: true, proxied: true },
};

for (const [name, way] of Object.entries<{ tls?: boolean; proxied?: boolean }>(ways)) {
  test(`unary calls and streams work over ${name}`, async () => {
    const { port } = await startServer(way);
    const proxy = way.proxied === true ? await startProxy() : undefined;
    const host = proxy === undefined ? "127.0.0.1" : "shop.test";
    const transport = dialer({ outgoingProxy: proxy?.url }).grpcTransport(
      `${way.tls === true ? "https" : "http"}://${host}:${port}`,
      {
        ...(way.tls === true && cert !== undefined ? { tls: { ca: cert } } : {}),
      },
    );
    const client = createClient(FlagSyncService, transport);
    expect((await client.fetchAllFlags({ selector: "a" })).flagConfiguration).toBe("for a");
    const sizes: number[] = [];
    for await (const { flagConfiguration } of client.syncFlags({})) sizes.push(flagConfiguration.length);
    expect(sizes).toEqual([100_000, 200_000, 300_000]);
    expect(proxy?.asked ?? []).toEqual(proxy === undefined ? [] : [`CONNECT shop.test:${port} HTTP/1.1`]);
  });
}

test("an address where nothing listens is unavailable, by proxy too", async () => {
  const port = await freePort();
  const direct = createClient(FlagSyncService, dialer().grpcTransport(`http://127.0.0.1:${port}`));
  await expect(direct.fetchAllFlags({})).rejects.toThrow("[unavailable]");
  const proxied = createClient(
    FlagSyncService,
    dialer({ outgoingProxy: `http://127.0.0.1:${port}` }).grpcTransport("http://shop.test:1"),
  );
  await expect(proxied.fetchAllFlags({})).rejects.toThrow(/cannot connect to proxy/);
});

test("a metadata address is refused", async () => {
  const client = createClient(FlagSyncService, dialer().grpcTransport("http://169.254.169.254:80"));
  await expect(client.fetchAllFlags({})).rejects.toThrow("refused_by_policy");
});
