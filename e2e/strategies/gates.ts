import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { Gates } from "./application.ts";

/** A receiver of confirm-* hooks that says yes to canaries whose weight it has been told to let pass. */
export async function startGates(): Promise<Gates & { stop(): Promise<void> }> {
  const open = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const { namespace, canaryWeight }: { namespace: string; canaryWeight: number } = JSON.parse(await text(request));
    const passes = canaryWeight <= (open.get(namespace) ?? -1);
    response.writeHead(passes ? 200 : 403).end(passes ? "open" : "closed");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gates have no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    open: (namespace, upToWeight) => open.set(namespace, upToWeight),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
