import {
  type Logger,
  type Part,
  type Server,
  type ServeOptions,
  serve,
  sleep,
  withoutEndlessDeadlines,
} from "@burgee/service-kit";
import type { Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { type SyncOptions, serveSync } from "./endpoints/sync.ts";
import { enforceKeepAlive, type KeepAlivePolicy } from "./keep-alive.ts";
import { unknownMethod } from "./refusals.ts";

/** The port of sync streams, and what is sent there. */
export interface SyncServerOptions extends Omit<SyncOptions, "ending"> {
  readonly at: ServeOptions["at"];
  readonly tls: ServeOptions["tls"];
  readonly log: Logger;
  /** Measures and traces every call. */
  readonly telemetry: Interceptor;
  readonly keepAlive: KeepAlivePolicy;
  readonly onListening: (port: number) => void;
}

/** How long requests wait for the slowest source, as upstream has it. */
const fillMs = 5_000;

/** The flag sync port. */
export function createSyncServer({ at, tls, log, keepAlive, onListening, ...o }: SyncServerOptions): Part {
  const ending = new AbortController();
  const complete = new AbortController();
  const all = o.filled.then(() => complete.abort());
  const late = sleep(fillMs, AbortSignal.any([ending.signal, complete.signal])).then(
    () => log.warn("flag sync serves although not all sources have delivered flags"),
    () => undefined,
  );
  const filled = Promise.race([all, late]);
  const handler = connectNodeAdapter({
    routes: (router) => serveSync(router, { ...o, filled, ending: ending.signal }),
    interceptors: [o.telemetry],
    connect: false,
    grpcWeb: false,
    // grpc-go's limit.
    readMaxBytes: 4 * 1024 * 1024,
    // As upstream has it: compressing the same flags for every client costs more than it saves.
    compressMinBytes: Infinity,
    fallback: unknownMethod,
  });
  let server: Server | undefined;
  return {
    name: "flag sync server",
    async start() {
      server = await serve({
        name: "flag sync",
        at,
        handler: withoutEndlessDeadlines(handler),
        session: (opened) => enforceKeepAlive(opened, keepAlive),
        ...(tls !== undefined && { tls }),
      });
      onListening(server.port);
    },
    async stop() {
      ending.abort();
      await server?.close();
    },
  };
}
