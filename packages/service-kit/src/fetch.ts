import type { Socket } from "node:net";
import { context, propagation } from "@opentelemetry/api";
import { Agent, type buildConnector, type Dispatcher, request as send } from "undici";
import { openSocket, type Route, secured, type TlsOptions } from "./connector.ts";
import { DialError, dialErrorIn } from "./dial-error.ts";
import { messageOf } from "./kit-error.ts";
import { redactUrl } from "./redact.ts";

export interface DialInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** For the whole call, redirects and body included. Default 10 000. */
  readonly timeoutMs?: number;
  /** Largest answer accepted. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Default 5. Headers of the caller are not sent on when a redirect leaves the origin. 0 returns the redirect itself. */
  readonly maxRedirects?: number;
}

export interface DialedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  /** Whether the status is 2xx. */
  readonly ok: boolean;
  text(): string;
  /** Throws SyntaxError when the body is not JSON. */
  json(): unknown;
  bytes(): Uint8Array;
}

/** A request, and what it goes through. */
export interface FetchOptions extends DialInit {
  readonly dispatcher: Dispatcher;
  readonly userAgent: string;
  /** Throws when the host of this URL must not be called; asked again at every redirect. */
  readonly check: (url: URL) => void;
}

interface Step {
  readonly url: URL;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | undefined;
}

/** Pooled connections along a route. */
export function createAgent(route: Route, tls: TlsOptions | undefined): Agent {
  return new Agent({ connect: connector(route, tls) });
}

/** undici's connect function over our sockets. */
function connector(route: Route, tlsOptions: TlsOptions | undefined): buildConnector.connector {
  return ({ hostname, port, protocol, servername }, callback) => {
    const secure = protocol === "https:";
    const open = async (): Promise<Socket> => {
      const socket = await openSocket(hostname, Number(port || (secure ? 443 : 80)), route);
      if (!secure) return socket;
      const serverName = tlsOptions?.serverName ?? servername;
      return secured(socket, hostname, {
        ...tlsOptions,
        ...(serverName === undefined ? {} : { serverName }),
        alpn: ["http/1.1"],
      });
    };
    open().then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
    );
  };
}

/** One call with its limits. Rejects with {@link DialError}. */
export async function fetchWithin(url: string | URL, o: FetchOptions): Promise<DialedResponse> {
  const { timeoutMs = 10_000, maxRedirects = 5 } = o;
  const limit = new AbortController();
  const late = setTimeout(() => limit.abort("timeout"), timeoutMs);
  const onAbort = (): void => limit.abort("aborted");
  if (o.signal?.aborted === true) onAbort();
  o.signal?.addEventListener("abort", onAbort, { once: true });
  let step = firstStep(url, o);
  try {
    for (let hops = 0; ; hops++) {
      o.check(step.url);
      const answer = await exchange(step, o, limit.signal);
      const next = redirected(step, answer);
      if (next === undefined || maxRedirects === 0) return response(step.url, answer);
      if (hops >= maxRedirects) {
        throw new DialError("too_many_redirects", `${redactUrl(url)} redirects more than ${maxRedirects} times`);
      }
      step = next;
    }
  } catch (error) {
    throw explain(error, { url: step.url, reason: limit.signal.reason, timeoutMs });
  } finally {
    clearTimeout(late);
    o.signal?.removeEventListener("abort", onAbort);
  }
}

function firstStep(url: string | URL, o: FetchOptions): Step {
  if (!URL.canParse(String(url)) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new DialError("bad_url", `url is ${JSON.stringify(redactUrl(url))}, expected http://… or https://…`);
  }
  const headers: Record<string, string> = { "user-agent": o.userAgent };
  propagation.inject(context.active(), headers);
  for (const [name, value] of new Headers(o.headers ?? {})) headers[name] = value;
  const parsed = new URL(url);
  // A user in the URL becomes a header, as curl does; left in the URL it would be ignored.
  if (parsed.username !== "" && headers.authorization === undefined) {
    const user = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
    headers.authorization = `Basic ${Buffer.from(user).toString("base64")}`;
  }
  return { url: parsed, method: o.method ?? "GET", headers, body: o.body };
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

async function exchange(step: Step, o: FetchOptions, signal: AbortSignal): Promise<Answer> {
  const { maxBytes = 10 * 1024 * 1024 } = o;
  const { statusCode, headers, body } = await send(step.url, {
    method: step.method,
    headers: step.headers,
    body: step.body ?? null,
    dispatcher: o.dispatcher,
    signal,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue;
    size += chunk.length;
    if (size > maxBytes)
      throw new DialError("too_large", `the answer of ${redactUrl(step.url)} is over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const received = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const item of [value ?? []].flat()) received.append(name, item);
  return { status: statusCode, headers: received, body: Buffer.concat(chunks) };
}

// What may follow a redirect to another origin: everything else could be a credential.
const harmlessHeaders = new Set([
  "accept",
  "accept-language",
  "content-type",
  "user-agent",
  "traceparent",
  "tracestate",
]);

function redirected(step: Step, answer: Answer): Step | undefined {
  const location = answer.headers.get("location");
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === null || !URL.canParse(location, step.url.href))
    return undefined;
  const url = new URL(location, step.url);
  if (!/^https?:$/.test(url.protocol))
    throw new DialError("bad_url", `${redactUrl(step.url)} redirects to ${url.protocol}, expected http or https`);
  const headers = Object.fromEntries(
    Object.entries(step.headers).filter(([name]) => url.origin === step.url.origin || harmlessHeaders.has(name)),
  );
  const becomesGet = answer.status === 303 ? step.method !== "HEAD" : answer.status < 303 && step.method === "POST";
  return { url, method: becomesGet ? "GET" : step.method, headers, body: becomesGet ? undefined : step.body };
}

function response(url: URL, { status, headers, body }: Answer): DialedResponse {
  return {
    status,
    headers,
    url: url.href,
    ok: status >= 200 && status < 300,
    text: () => body.toString("utf8"),
    json: (): unknown => JSON.parse(body.toString("utf8")),
    bytes: () => body,
  };
}

function explain(error: unknown, o: { url: URL; reason: unknown; timeoutMs: number }): DialError {
  const known = dialErrorIn(error);
  if (known !== undefined) return known;
  const where = redactUrl(o.url);
  if (o.reason === "timeout")
    return new DialError("timeout", `${where} did not answer within ${o.timeoutMs} ms`, { cause: error });
  if (o.reason === "aborted") return new DialError("aborted", `the call to ${where} was given up`, { cause: error });
  return new DialError("unreachable", `cannot call ${where}: ${messageOf(error)}`, { cause: error });
}
