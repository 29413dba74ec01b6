// A receiver of webhooks that answers as told and remembers what it got.
import { createServer, type IncomingHttpHeaders } from "node:http";

/** One request that a hook made. */
export interface ReceivedHook {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

export interface HookServer {
  url: string;
  received: ReceivedHook[];
  /** Decides the answer from now on. */
  answer(fn: (hook: ReceivedHook) => { status: number; body?: string; headers?: Record<string, string> }): void;
  stop(): Promise<void>;
}

/** Starts a receiver on loopback that says 200 until told otherwise. */
export async function startHookServer(): Promise<HookServer> {
  const received: ReceivedHook[] = [];
  let decide: Parameters<HookServer["answer"]>[0] = () => ({ status: 200 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const { method = "", url: path = "", headers } = request;
      const hook = { method, path, headers, body: text === "" ? {} : JSON.parse(text) };
      received.push(hook);
      const answer = decide(hook);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the receiver has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    answer: (fn) => {
      decide = fn;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
