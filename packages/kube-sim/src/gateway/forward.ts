import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from "node:http";
import type { HeaderEdit } from "./route-objects.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What is changed on the way. */
export interface ForwardOptions {
  readonly path?: string;
  readonly host?: string;
  readonly requestHeaders?: readonly HeaderEdit[];
  readonly responseHeaders?: readonly HeaderEdit[];
  /** Set when the body was read already, because a mirror needs it too. */
  readonly body?: Buffer;
  /** How long the whole may take, answer included; default: 15 s without a byte. */
  readonly timeoutMs?: number;
  /** Tried in order when the address refuses the connection, as long as nothing of the request was sent. */
  readonly alternatives?: readonly Address[];
}

/** Carries requests to backends over kept connections. */
export interface Forwarder {
  /** Answers with the backend's response; 502 when it cannot be reached, 504 when it is silent. */
  forward(incoming: IncomingMessage, response: ServerResponse, to: Address, options?: ForwardOptions): void;
  /** Sends a copy and throws the answer away. */
  mirror(incoming: IncomingMessage, to: Address, body: Buffer, options?: ForwardOptions): void;
  close(): void;
}

/** Per RFC 9110 §7.6.1: these belong to one connection. */
const hopByHop = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

export function createForwarder(): Forwarder {
  const agent = new Agent({ keepAlive: true });

  const forward: Forwarder["forward"] = (incoming, response, to, options = {}) => {
    const rest = [...(options.alternatives ?? [])];
    const repeatable = options.body !== undefined || hasNoBody(incoming);
    let current: ClientRequest | undefined;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => current?.destroy(new GatewayTimeout()), options.timeoutMs);
    response.once("close", () => clearTimeout(timer));
    const attempt = (target: Address, mayRetry: boolean) => {
      const call = request(outgoing(agent, incoming, target, options), (answer) => {
        response.writeHead(answer.statusCode ?? 502, editHeaders(endToEnd(answer.headers), options.responseHeaders));
        answer.pipe(response);
        answer.on("error", () => response.destroy());
      });
      current = call;
      call.on("timeout", () => call.destroy(new GatewayTimeout()));
      call.on("error", (error: NodeJS.ErrnoException) => {
        // The backend closed a kept connection just as it was used again: nothing was processed.
        if (mayRetry && call.reusedSocket && error.code === "ECONNRESET") return attempt(target, false);
        const next = repeatable && error.code === "ECONNREFUSED" ? rest.shift() : undefined;
        if (next) return attempt(next, true);
        if (response.headersSent) response.destroy();
        else if (error instanceof GatewayTimeout) response.writeHead(504).end("upstream timeout\n");
        else
          response
            .writeHead(502)
            .end(`upstream ${target.host}:${target.port} is unreachable: ${error.code ?? error.message}\n`);
        return undefined;
      });
      response.on("close", () => {
        if (!response.writableFinished) call.destroy();
      });
      if (options.body) call.end(options.body);
      else incoming.pipe(call);
    };
    attempt(to, repeatable);
  };

  return {
    forward,
    mirror(incoming, to, body, options = {}) {
      const call = request(outgoing(agent, incoming, to, { ...options, body }), (answer) => answer.resume());
      // A mirror's fate is nobody's business.
      call.on("error", () => call.destroy());
      call.on("timeout", () => call.destroy());
      call.end(body);
    },
    close: () => agent.destroy(),
  };
}

class GatewayTimeout extends Error {}

function outgoing(agent: Agent, incoming: IncomingMessage, to: Address, options: ForwardOptions) {
  const headers = editHeaders(endToEnd(incoming.headers), options.requestHeaders);
  if (options.host !== undefined) headers.host = options.host;
  if (options.body) headers["content-length"] = String(options.body.length);
  return {
    ...to,
    agent,
    method: incoming.method ?? "GET",
    path: options.path ?? incoming.url ?? "/",
    headers,
    ...(options.timeoutMs === undefined && { timeout: 15_000 }),
  };
}

function hasNoBody({ method, headers }: IncomingMessage): boolean {
  return (
    (method === "GET" || method === "HEAD") && headers["content-length"] === undefined && !headers["transfer-encoding"]
  );
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = { ...headers };
  for (const name of hopByHop) delete kept[name];
  return kept;
}

function editHeaders(headers: IncomingHttpHeaders, edits: readonly HeaderEdit[] = []): IncomingHttpHeaders {
  const result = { ...headers };
  for (const { set = [], add = [], remove = [] } of edits) {
    for (const { name, value } of set) result[name.toLowerCase()] = value;
    for (const { name, value } of add) {
      const present = result[name.toLowerCase()];
      // Set-Cookie is the one header whose values must not be joined.
      if (name.toLowerCase() === "set-cookie") result["set-cookie"] = [...(result["set-cookie"] ?? []), value];
      else result[name.toLowerCase()] = present === undefined ? value : `${present}, ${value}`;
    }
    for (const name of remove) delete result[name.toLowerCase()];
  }
  return result;
}
