import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";

/** What a provider sent. */
export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the server says next; `hang up` closes the connection in the middle of the answer, `silence` never answers. */
export type NextAnswer = { readonly status: number; readonly body: string } | "hang up" | "silence";

/** A local metric server with prepared answers. */
export interface AnsweringServer {
  readonly url: string;
  answer: NextAnswer;
  readonly seen: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** Starts a server that gives the same answer to everything, until told another. */
export async function startAnsweringServer(): Promise<AnsweringServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const url = new URL(request.url ?? "/", "http://server");
    seen.push({
      method: request.method ?? "",
      url,
      headers: request.headers,
      body: Buffer.concat(chunks).toString("utf8"),
    });
    const { answer } = answering;
    if (answer === "silence") return;
    if (answer === "hang up") {
      response.writeHead(200, { "content-length": "1000" });
      response.write("{");
      response.destroy();
      return;
    }
    response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const answering: AnsweringServer = {
    url: `http://127.0.0.1:${port}`,
    answer: { status: 200, body: "{}" },
    seen,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return answering;
}
