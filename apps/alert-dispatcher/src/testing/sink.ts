import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface SunkPost {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface SinkAnswer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A local receiver that keeps what it is sent. */
export interface Sink {
  readonly url: string;
  readonly posts: readonly SunkPost[];
  /** Answers to the next posts, in turn; then 200 again. */
  answer(...answers: SinkAnswer[]): void;
  stop(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const posts: SunkPost[] = [];
  const answers: SinkAnswer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    posts.push({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    });
    const answer = answers.shift() ?? { status: 200, body: "ok" };
    response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = isAddress(address) ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    posts,
    answer: (...more) => answers.push(...more),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function isAddress(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
