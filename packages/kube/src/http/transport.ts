import { Readable } from "node:stream";
import { sleep } from "@burgee/service-kit";
import { type Dispatcher, request } from "undici";
import { isKubeError, KubeError } from "../kube-error.ts";
import type { Connection } from "./connection.ts";
import { type Deadline, startDeadline } from "./deadline.ts";
import type { RateLimit } from "./rate-limit.ts";
import { errorFromStatus } from "./status-error.ts";

export interface ApiRequest {
  method: string;
  /** Path and query, starting with a slash. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
  timeoutMs: number;
  /** For error messages: "get deployments shop/web". */
  what: string;
  /** Asked before sending and once more when the connection is ready for the bytes; nothing is sent when no time is left. */
  writableForMs?: (() => number) | undefined;
  /** Whose turn it takes when requests have to wait; undefined for one that must not wait. */
  turnOf: string | undefined;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
  retryAfter: string | undefined;
}

export interface ApiStream {
  chunks: AsyncIterable<Uint8Array>;
  close(): void;
}

export interface Transport {
  /** Any status; rejects only when there was no answer. */
  answer(r: ApiRequest): Promise<ApiAnswer>;
  /** The parsed body of a success; rejects with the error a failure means. */
  send(r: ApiRequest): Promise<unknown>;
  /** A long answer; `timeoutMs` ends with its headers, `maxMs` bounds the whole. */
  open(r: ApiRequest, maxMs: number): Promise<ApiStream>;
}

const maxAttempts = 5;
/** Wait after a 429 that does not say how long. */
const defaultRetryMs = 1000;

export function createTransport(
  connection: Connection,
  o: { userAgent: string; limit?: RateLimit | undefined },
): Transport {
  async function exchange(r: ApiRequest, deadline: Deadline): Promise<Dispatcher.ResponseData> {
    if (r.turnOf !== undefined) await o.limit?.take(r.turnOf, deadline.signal);
    const { headers, dispatcher } = await abortable(connection.prepare(), deadline.signal);
    const leftMs = r.writableForMs?.() ?? Number.POSITIVE_INFINITY;
    if (leftMs <= 0) throw fenced(r);
    const body = r.body === undefined ? undefined : Buffer.from(JSON.stringify(r.body));
    return request(connection.server + withLimit(r.path, leftMs), {
      method: r.method,
      dispatcher,
      signal: deadline.signal,
      headers: {
        accept: "application/json",
        "user-agent": o.userAgent,
        ...(body !== undefined && { "content-type": "application/json", "content-length": String(body.length) }),
        ...r.headers,
        ...headers,
      },
      ...(body !== undefined && { body: r.writableForMs === undefined ? body : guardedBody(r, body) }),
    });
  }

  /** One exchange, repeated as long as the server says "later" and there is time, and once for a read on a stale connection. */
  async function patiently<T extends ApiAnswer>(
    r: ApiRequest,
    o: { deadline: Deadline; read: (res: Dispatcher.ResponseData) => Promise<T> },
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        const answer = await o.read(await exchange(r, o.deadline));
        if (answer.status === 401 && attempt === 1) connection.forget();
        const waitMs = answer.status === 401 && attempt === 1 ? 0 : waitAfter(answer);
        if (waitMs === undefined || attempt >= maxAttempts || waitMs >= o.deadline.remainingMs()) return answer;
        await sleep(waitMs, o.deadline.signal);
      } catch (err) {
        const stale = r.method === "GET" && attempt === 1 && isDroppedConnection(err);
        if (!stale || o.deadline.signal.aborted) throw networkError(r, { err, deadline: o.deadline });
      }
    }
  }

  async function answer(r: ApiRequest): Promise<ApiAnswer> {
    const deadline = startDeadline(r.timeoutMs, r.signal);
    try {
      return await patiently(r, { deadline, read: readAnswer });
    } finally {
      deadline.release();
    }
  }

  return {
    answer,
    async send(r) {
      const { status, body, retryAfter } = await answer(r);
      if (status < 400) return body;
      throw errorFromStatus(r.what, { status, body, retryAfter });
    },
    async open(r, maxMs) {
      const deadline = startDeadline(r.timeoutMs, r.signal);
      try {
        const opened = await patiently(r, { deadline, read: readStream });
        if (opened.stream === undefined) throw errorFromStatus(r.what, opened);
        deadline.stopClock();
        return streamOf(r, { body: opened.stream, deadline, maxMs });
      } catch (err) {
        deadline.release();
        throw err;
      }
    },
  };
}

/** Bytes that are handed over only if we still may write at the moment the socket takes them. */
function guardedBody(r: ApiRequest, body: Uint8Array): Readable {
  return new Readable({
    read() {
      if (r.writableForMs !== undefined && r.writableForMs() <= 0) {
        this.destroy(fenced(r));
        return;
      }
      this.push(body);
      this.push(null);
    },
  });
}

/** Every API server gives a request up after the time in `timeout`, a Go duration. */
function withLimit(path: string, ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return path;
  return `${path}${path.includes("?") ? "&" : "?"}timeout=${Math.max(1, Math.floor(ms))}ms`;
}

function fenced(r: ApiRequest): KubeError {
  return new KubeError("fenced", `${r.what}: not sent, this process may no longer write`);
}

async function readAnswer(res: Dispatcher.ResponseData): Promise<ApiAnswer> {
  const text = await res.body.text();
  return { status: res.statusCode, body: parseBody(res, text), retryAfter: headerOf(res, "retry-after") };
}

async function readStream(res: Dispatcher.ResponseData) {
  if (res.statusCode === 200) return { status: 200, body: undefined, retryAfter: undefined, stream: res.body };
  return { ...(await readAnswer(res)), stream: undefined };
}

function streamOf(
  r: ApiRequest,
  o: { body: Dispatcher.ResponseData["body"]; deadline: Deadline; maxMs: number },
): ApiStream {
  // A peer that vanished without a word must not leave the stream open for ever.
  const limit = setTimeout(() => o.body.destroy(), o.maxMs);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of o.body) yield chunk;
    } catch (err) {
      if (!r.signal?.aborted) throw networkError(r, { err, deadline: o.deadline });
    }
  }
  return {
    chunks: chunks(),
    close() {
      clearTimeout(limit);
      o.deadline.release();
      o.body.destroy();
    },
  };
}

function parseBody(res: Dispatcher.ResponseData, text: string): unknown {
  if (!headerOf(res, "content-type")?.includes("json")) return text;
  try {
    return JSON.parse(text);
  } catch (err) {
    if (err instanceof SyntaxError) return text;
    throw err;
  }
}

function headerOf(res: Dispatcher.ResponseData, name: string): string | undefined {
  const value = res.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** client-go's rule: wait after 429 always, after 5xx when the server says how long. Neither has touched the object. */
function waitAfter(a: ApiAnswer): number | undefined {
  const asked = a.retryAfter === undefined ? Number.NaN : Number(a.retryAfter);
  if (a.status !== 429 && !(a.status >= 500 && asked >= 0)) return undefined;
  return asked > 0 ? asked * 1000 : defaultRetryMs;
}

const droppedCodes = ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"];

function isDroppedConnection(err: unknown): boolean {
  return err instanceof Error && "code" in err && droppedCodes.includes(String(err.code));
}

function networkError(r: ApiRequest, o: { err: unknown; deadline: Deadline }): KubeError {
  const cause = o.err;
  if (isKubeError(cause)) return cause;
  if (o.deadline.timedOut()) {
    return new KubeError("timeout", `${r.what}: no answer within ${r.timeoutMs} ms`, { cause });
  }
  if (r.signal?.aborted) return new KubeError("aborted", `${r.what}: given up by the caller`, { cause });
  const reason = cause instanceof Error ? messageOfChain(cause) : String(cause);
  return new KubeError("unreachable", `${r.what}: ${reason}`, { cause });
}

function messageOfChain(err: Error): string {
  const inner = err instanceof AggregateError ? err.errors[0] : err.cause;
  return err.message === "" && inner instanceof Error ? messageOfChain(inner) : err.message;
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
