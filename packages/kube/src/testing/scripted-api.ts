import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** One request to the scripted API, to be answered by the test. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  respond(status: number, body?: unknown, headers?: Record<string, string>): void;
  /** A `kind: Status` failure as the API sends it. */
  fail(status: number, reason: string, headers?: Record<string, string>): void;
  /** Starts a watch's answer. */
  openWatch(): OpenWatch;
  /** Cuts the connection without an answer. */
  drop(): void;
}

export interface OpenWatch {
  send(type: string, object: unknown): void;
  raw(text: string): void;
  end(): void;
  drop(): void;
}

/** A real HTTP server that answers what the test says: for what a healthy API never does. */
export interface ScriptedApi {
  readonly url: string;
  readonly calls: readonly Call[];
  handle: (call: Call) => void;
  stop(): Promise<void>;
}

export async function startScriptedApi(handle: (call: Call) => void, port = 0): Promise<ScriptedApi> {
  const calls: Call[] = [];
  const api = { url: "", calls, handle, stop: () => closeServer(server) };
  const server = createServer((req, res) => {
    readBody(req).then((body) => {
      const call = callOf({ req, res, body });
      calls.push(call);
      api.handle(call);
    }, res.destroy);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the scripted API has no port");
  api.url = `http://127.0.0.1:${address.port}`;
  return api;
}

function callOf(o: { req: IncomingMessage; res: ServerResponse; body: unknown }): Call {
  const { req, res, body } = o;
  const url = new URL(req.url ?? "/", "http://api");
  const respond: Call["respond"] = (status, answer, headers = {}) => {
    res.writeHead(status, { "content-type": "application/json", ...headers });
    res.end(JSON.stringify(answer ?? {}));
  };
  return {
    method: req.method ?? "",
    path: url.pathname,
    query: url.searchParams,
    headers: req.headers,
    body,
    respond,
    fail: (status, reason, headers) =>
      respond(
        status,
        { kind: "Status", status: "Failure", reason, message: `${reason} said the API`, code: status },
        headers,
      ),
    openWatch() {
      res.writeHead(200, { "content-type": "application/json" });
      res.flushHeaders();
      return {
        send: (type, object) => res.write(`${JSON.stringify({ type, object })}\n`),
        raw: (text) => res.write(text),
        end: () => res.end(),
        drop: () => res.destroy(),
      };
    },
    drop: () => res.destroy(),
  };
}

async function readBody(req: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of req) text += chunk;
  return text === "" ? undefined : JSON.parse(text);
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
