import { type Part, type Server, type ServeOptions, serve } from "@burgee/service-kit";
import { type OfrepOptions, ofrepHandler } from "./handler.ts";

export interface OfrepServerOptions extends OfrepOptions {
  readonly at: ServeOptions["at"];
  /** 0: Node's own limit. */
  readonly maxHeaderBytes?: number;
  readonly onListening: (port: number) => void;
}

/** The OFREP port. As upstream has it, it never speaks TLS. */
export function createOfrepServer({ at, maxHeaderBytes = 0, onListening, ...o }: OfrepServerOptions): Part {
  const handler = ofrepHandler(o);
  // Upstream's times for slow clients.
  const http1 = { headersTimeout: 3_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 };
  let server: Server | undefined;
  return {
    name: "OFREP server",
    async start() {
      server = await serve({
        name: "OFREP",
        at,
        handler,
        http1: { ...http1, ...(maxHeaderBytes > 0 && { maxHeaderSize: maxHeaderBytes }) },
      });
      onListening(server.port);
    },
    stop: () => server?.close(),
  };
}
