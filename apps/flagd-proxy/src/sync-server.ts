import { type Part, type Server, serve, withoutEndlessDeadlines } from "@burgee/service-kit";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import type { ProxyMetrics } from "./metrics.ts";
import { syncRoutes } from "./sync-service.ts";
import { createSyncStreams } from "./sync-streams.ts";
import type { Topics } from "./topics.ts";

/** The sync port. Stopping ends every stream in good order (status OK): clients reconnect to another replica. */
export function syncServer(o: {
  port: number;
  topics: Topics;
  metrics: ProxyMetrics;
}): Part & { readonly port: () => number } {
  let server: Server | undefined;
  return {
    name: "sync server",
    port: () => server?.port ?? 0,
    async start() {
      server = await serve({
        name: "sync",
        at: { port: o.port },
        handler: withoutEndlessDeadlines(connectNodeAdapter({ routes: syncRoutes(o.topics) })),
        stream: createSyncStreams(o.topics, o.metrics),
        // What a version takes while it is written to slow subscribers counts here; Node's 10 MB would refuse new streams.
        http2: { maxSessionMemory: 512 },
      });
    },
    async stop() {
      o.topics.close();
      await server?.close(3_000);
    },
  };
}
