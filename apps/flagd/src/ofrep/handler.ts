import { type IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { parseSelector, selectorMetadata } from "@burgee/flag-sync";
import { messageOf, type RequestHandler } from "@burgee/service-kit";
import { type Enrich, requestHeaders } from "../context.ts";
import { type CorsAnswer, createCors } from "../cors.ts";
import type { Evaluation } from "../evaluation.ts";
import type { HttpMetrics } from "../http-metrics.ts";
import type { BeginHttpSpan } from "../http-spans.ts";
import { bodyTooLarge, createOfrepAnswers, invalidBody, invalidSelector, type Reply } from "./answers.ts";
import { readBody } from "./body.ts";
import { etagOf, isKnown } from "./etag.ts";
import { contextOf, type Target, targetOf } from "./request.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

/** How OFREP is answered. */
export interface OfrepOptions {
  readonly evaluation: Evaluation;
  readonly enrich: Enrich;
  readonly corsOrigins: readonly string[];
  /** 0: no limit. */
  readonly maxRequestBytes: number;
  readonly metrics: HttpMetrics;
  /** Traces every request. */
  readonly span: BeginHttpSpan;
}

/** A question that has a place to be answered. */
type Question = Extract<Target, { kind: "single" | "bulk" }>;

/** Upstream's names of the routes in metrics. */
const routes = { single: "/ofrep/v1/evaluate/flags/{key}", bulk: "/ofrep/v1/evaluate/{path:flags\\/|flags}" } as const;

/** OFREP over HTTP: one flag, or all of them with an entity tag. */
export function ofrepHandler(o: OfrepOptions): RequestHandler {
  const cors = createCors(o.corsOrigins, ["ETag"]);
  const answers = createOfrepAnswers();
  const measured = {
    single: o.metrics.route({ route: routes.single, method: "POST", scheme: "http" }),
    bulk: o.metrics.route({ route: routes.bulk, method: "POST", scheme: "http" }),
  };

  const evaluate = (question: Question, request: Request, body: string): Reply => {
    const key = question.kind === "single" ? question.key : undefined;
    const asked = contextOf(body);
    if (asked === undefined) return invalidBody(key);
    const { headers, rawHeaders } = request;
    const selected = parseSelector(headers["flagd-selector"]?.toString() ?? "");
    if (!selected.ok) return invalidSelector(key, selected.message);
    const { selector } = selected;
    const context = o.enrich(asked, requestHeaders(rawHeaders));
    if (key !== undefined) return answers.single(key, o.evaluation.one({ key, type: "any", context, selector }));
    const all = answers.bulk(o.evaluation.all({ context, selector }, "every"), selectorMetadata(selector));
    const etag = etagOf(all.body);
    const known = isKnown(headers["if-none-match"], etag);
    return { ...(known ? notModified : all), headers: { etag } };
  };

  /** Nothing should throw; in an event of a socket it would end the process. */
  const tryEvaluate = (question: Question, request: Request, body: string): Reply => {
    try {
      return evaluate(question, request, body);
    } catch (error) {
      return { status: 500, body: JSON.stringify({ errorDetails: messageOf(error) }) };
    }
  };

  const answer = (question: Question, request: Request, send: (reply: Reply) => number): void => {
    const startedAt = performance.now();
    const span = o.span({ method: "POST", path: request.url ?? "", headers: request.headers });
    readBody(request, o.maxRequestBytes, (body) => {
      const reply = body === undefined ? tooLarge(request) : span.within(() => tryEvaluate(question, request, body));
      const bytes = send(reply);
      measured[question.kind].record(
        reply.status,
        (performance.now() - startedAt) / 1_000,
        bytes,
        body === undefined ? undefined : Buffer.byteLength(body),
      );
      span.end(reply.status);
    });
  };

  return (request, response) => {
    const { headers, preflight } = cors(request);
    const send = (reply: Reply): number => write(response, reply, headers);
    if (preflight) return void send(allowed);
    const target = targetOf(request.url ?? "");
    if (target.kind === "malformed") return void send(badRequest);
    if (target.kind === "nothing") return void send(notFound);
    if (request.method !== "POST") return void send(notAllowed);
    answer(target, request, send);
  };
}

const plain = { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" } as const;
const allowed: Reply = { status: 204, body: "" };
const notModified: Reply = { status: 304, body: "" };
const notAllowed: Reply = { status: 405, body: "" };
const badRequest: Reply = { status: 400, body: "400 Bad Request", headers: plain };
const notFound: Reply = { status: 404, body: "404 page not found\n", headers: plain };

/** What is left of the request is not worth reading. */
function tooLarge({ httpVersionMajor }: Request): Reply {
  return httpVersionMajor === 1 ? { ...bodyTooLarge, headers: { connection: "close" } } : bodyTooLarge;
}

/** Returns the size of the body, which is JSON unless the reply says otherwise. */
function write(response: Response, { status, body, headers = {} }: Reply, cors: CorsAnswer["headers"]): number {
  const bytes = Buffer.byteLength(body);
  const described = bytes === 0 ? {} : { "content-type": "application/json", "content-length": bytes };
  const all = { ...cors, ...described, ...headers };
  if (response instanceof ServerResponse) response.writeHead(status, all);
  else response.writeHead(status, all);
  response.end(body);
  return bytes;
}
