import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { type ApiPassage, isKubeError } from "@burgee/kube";
import type { Logger } from "@burgee/service-kit";
import { type Domain, refusal } from "./gate-policy.ts";

/**
 * The one way from the demo's parts to a real API. It listens on loopback, adds the user's credentials, which no other
 * part sees, and refuses every change outside the demo's domain.
 */
export interface Gate {
  /** Secret: who knows its path may use the gate. kubectl would send a token only over TLS. */
  readonly url: string;
  stop(): Promise<void>;
}

const hopByHop = new Set([
  "connection",
  "host",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "te",
  "trailer",
  "expect",
]);

export async function startGate(o: { passage: ApiPassage; domain: Domain; log: Logger }): Promise<Gate> {
  const { passage, domain, log } = o;
  const secret = Buffer.from(`/${randomBytes(32).toString("base64url")}/`);

  /** The path and query behind the secret; undefined when it is not there. */
  function targetOf(request: IncomingMessage): URL | undefined {
    const given = Buffer.from(request.url ?? "");
    const start = given.subarray(0, secret.length);
    if (start.length !== secret.length || !timingSafeEqual(start, secret)) return undefined;
    return new URL(given.subarray(secret.length - 1).toString(), "http://gate");
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = targetOf(request);
    if (target === undefined) return answer(response, 401, "the demo's own kubeconfig is needed here");
    const { pathname, search } = target;
    const method = request.method ?? "GET";
    const reason = refusal(method, pathname, domain);
    if (reason !== undefined) {
      log.debug({ method, path: pathname, reason }, "the gate refused a request");
      return answer(response, 403, reason);
    }
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const { status, headers, body } = await passage.pass({
      method,
      path: pathname + search,
      headers: endToEnd(request.headers),
      ...(!["GET", "HEAD"].includes(method) && { body: request }),
      signal: gone.signal,
    });
    response.writeHead(status, endToEnd(headers));
    response.flushHeaders();
    await pipeline(body, response);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A client that went away ends its own exchange; a watch ends so every few minutes.
      if (response.closed || response.destroyed) return;
      log.debug({ err: error }, "the API did not answer");
      if (response.headersSent) response.destroy();
      else answer(response, isKubeError(error, "unauthorized") ? 401 : 502, messageOf(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  return {
    url: `http://127.0.0.1:${address.port}${secret.toString().slice(0, -1)}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await passage.close();
    },
  };
}

function endToEnd(headers: IncomingMessage["headers"]): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name.toLowerCase())) kept[name] = value;
  }
  return kept;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A Status, as clients of the API expect it. */
function answer(response: ServerResponse, code: number, message: string): void {
  const reason = { 401: "Unauthorized", 403: "Forbidden" }[code] ?? "ServiceUnavailable";
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", status: "Failure", reason, code, message }));
}
