import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A local server to put under load: `/status/503` answers so, everything else 200 and `hello`. */
export interface Target {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  stop(): Promise<void>;
}

export async function startTarget(): Promise<Target> {
  const requests: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? "";
    requests.push({ method: request.method ?? "", path, headers: request.headers, body });
    response.writeHead(Number(/^\/status\/(\d+)/.exec(path)?.[1] ?? 200)).end("hello");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
