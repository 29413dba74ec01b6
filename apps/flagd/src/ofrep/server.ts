import { type Part, type Server, type ServeOptions, serve } from "@burgee/service-kit";
import { httpLimits } from "../http-limits.ts";
import { type OfrepOptions, ofrepHandler } from "./handler.ts";

/** The port of OFREP. */
export interface OfrepServerOptions extends OfrepOptions {
  readonly at: ServeOptions["at"];
  /** 0: 1 MiB. */
  readonly maxHeaderBytes?: number;
  readonly onListening: (port: number) => void;
}

/** The OFREP port. As upstream has it, it never speaks TLS. */
export function createOfrepServer({ at, maxHeaderBytes = 0, onListening, ...o }: OfrepServerOptions): Part {
  const handler = ofrepHandler(o);
  const limits = httpLimits({ maxHeaderBytes, headersTimeoutMs: 3_000 });
  let server: Server | undefined;
  return {
    name: "OFREP server",
    async start() {
      server = await serve({ name: "OFREP", at, handler, ...limits });
      onListening(server.port);
    },
    stop: () => server?.close(),
  };
}
