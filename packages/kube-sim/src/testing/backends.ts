import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import type { Address } from "../gateway/forward.ts";

/** What is to be stopped after the test. */
export const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of cleanup.splice(0).reverse()) await stop();
});

/** Lets a server listen on a free port until the test is over. */
export async function listen(server: Server): Promise<Address> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

/** A backend that answers with its name and the request line, and remembers what it got. */
export async function backend(name: string) {
  const seen: string[] = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    seen.push(`${incoming.method} ${incoming.url} ${incoming.headers["x-added"] ?? "-"} ${body}`);
    response.end(name);
  });
  const address = await listen(server);
  cleanup.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { address, seen };
}
