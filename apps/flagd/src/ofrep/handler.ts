import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { parseSelector, selectorMetadata } from "@burgee/flag-sync";
import type { RequestHandler } from "@burgee/service-kit";
import { type Enrich, requestHeaders } from "../context.ts";
import { createCors } from "../cors.ts";
import type { Evaluation } from "../evaluation.ts";
import type { HttpMetrics } from "../http-metrics.ts";
import type { BeginHttpSpan } from "../http-spans.ts";
import { bodyTooLarge, createOfrepAnswers, invalidBody, invalidSelector, type Reply } from "./answers.ts";
import { readBody } from "./body.ts";
import { etagOf, isKnown } from "./etag.ts";
import { contextOf, type Target, targetOf } from "./request.ts";

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

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

  const reply = (question: Question, request: Request, body: string): Reply => {
    const key = question.kind === "single" ? question.key : undefined;
    const asked = contextOf(body);
    if (asked === undefined) return invalidBody(key);
    const selected = parseSelector(textOf(request.headers["flagd-selector"]) ?? "");
    if (!selected.ok) return invalidSelector(key, selected.message);
    const { selector } = selected;
    const context = o.enrich(asked, requestHeaders(request.rawHeaders));
    if (key !== undefined) return answers.single(key, o.evaluation.one({ key, type: "any", context, selector }));
    return answers.bulk(o.evaluation.all({ context, selector }, "every"), selectorMetadata(selector));
  };

  const answer = (question: Question, request: Request, response: Response): void => {
    const { url: path = "", headers } = request;
    const span = o.span({ method: "POST", path, headers });
    const measured = o.metrics.begin({ route: routes[question.kind], method: "POST", scheme: "http" });
    const end = (answered: { status: number; bytes: number }): void => {
      measured(answered);
      span.end(answered.status);
    };
    const send = (answered: Reply): void => end({ status: answered.status, bytes: sendJson(response, answered) });
    readBody(request, o.maxRequestBytes, (body) => {
      if (body === undefined) {
        // What is left of the request is not worth reading.
        if (request.httpVersionMajor === 1) response.setHeader("connection", "close");
        return send(bodyTooLarge);
      }
      const answered = span.within(() => reply(question, request, body));
      if (question.kind === "single" || answered.status !== 200) return send(answered);
      const etag = etagOf(answered.body);
      response.setHeader("etag", etag);
      if (!isKnown(textOf(request.headers["if-none-match"]), etag)) return send(answered);
      end({ status: 304, bytes: sendEmpty(response, 304) });
    });
  };

  return (request, response) => {
    const { headers, preflight } = cors(request);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (preflight) return void sendEmpty(response, 204);
    const target = targetOf(request.url ?? "");
    if (target.kind === "malformed") return sendText(response, 400, "400 Bad Request");
    if (target.kind === "nothing") return sendText(response, 404, "404 page not found\n");
    if (request.method !== "POST") return void sendEmpty(response, 405);
    answer(target, request, response);
  };
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.[0];
}

/** Returns the size of the body. */
function sendJson(response: Response, { status, body }: Reply): number {
  const bytes = Buffer.byteLength(body);
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.setHeader("content-length", bytes);
  response.end(body);
  return bytes;
}

function sendEmpty(response: Response, status: number): 0 {
  response.statusCode = status;
  response.end();
  return 0;
}

function sendText(response: Response, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("x-content-type-options", "nosniff");
  response.end(text);
}
