import { IncomingMessage, ServerResponse } from "node:http";
import { type Part, type RequestHandler, type Server, serve } from "@burgee/service-kit";
import type { AdminServer } from "./admin-context.ts";

/** Listens with the API; `onPort` hears the port that was opened. Open event streams are cut when it stops: they come back. */
export function serveApi(app: AdminServer, o: { port: number; host: string; onPort?: (port: number) => void }): Part {
  let server: Server | undefined;
  const handler: RequestHandler = (request, response) => {
    if (request instanceof IncomingMessage && response instanceof ServerResponse) {
      app.routing(request, response);
    } else {
      response.statusCode = 505;
      response.end("the admin API speaks HTTP/1.1");
    }
  };
  return {
    name: "admin api",
    async start() {
      const at = { port: o.port, ...(o.host !== "" && { host: o.host }) };
      server = await serve({ name: "the admin API", at, handler });
      o.onPort?.(server.port);
    },
    async stop() {
      await server?.close(1000);
      await app.close();
    },
  };
}
