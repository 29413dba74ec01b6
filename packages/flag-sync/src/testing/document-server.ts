// A local HTTP server that keeps one document; each protocol decides what it answers.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";

export interface Kept {
  /** Absent: removed. */
  text: string | undefined;
  /** Grows with every write. */
  generation: number;
}

export interface ServedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface ServedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface DocumentServer {
  readonly origin: string;
  readonly port: number;
  readonly requests: readonly ServedRequest[];
  write(text: string): Promise<void>;
  remove(): Promise<void>;
  /** Every connection is cut. */
  lose(): Promise<void>;
  restore(): Promise<void>;
  /** Answers everything with this status until it is called with undefined. */
  fail(status: number | undefined): void;
  close(): Promise<void>;
}

/** Serves on a free port of 127.0.0.1. */
export async function serveDocument(
  document: string,
  answer: (request: ServedRequest, kept: Readonly<Kept>) => ServedAnswer,
): Promise<DocumentServer> {
  const kept: Kept = { text: document, generation: 1 };
  const requests: ServedRequest[] = [];
  let lost = false;
  let failure: number | undefined;
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (lost) {
      incoming.destroy();
      return;
    }
    const body = (await buffer(incoming)).toString();
    const url = new URL(incoming.url ?? "/", "http://here");
    const request = { method: incoming.method ?? "", url, headers: incoming.headers, body };
    requests.push(request);
    const given = failure === undefined ? answer(request, kept) : { status: failure };
    const length = given.status === 304 ? {} : { "content-length": Buffer.byteLength(given.body ?? "") };
    response.writeHead(given.status, { ...length, ...given.headers });
    response.end(incoming.method === "HEAD" ? undefined : given.body);
  };
  const server = createServer((incoming, response) => {
    respond(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    async write(text) {
      kept.text = text;
      kept.generation += 1;
    },
    async remove() {
      kept.text = undefined;
    },
    async lose() {
      lost = true;
      server.closeAllConnections();
    },
    async restore() {
      lost = false;
    },
    fail(status) {
      failure = status;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
