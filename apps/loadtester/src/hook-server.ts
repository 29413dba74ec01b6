import {
  messageOf,
  type Metrics,
  type Part,
  type RequestHandler,
  readBody,
  type Server,
  serve,
} from "@burgee/service-kit";
import { type HandleRequestOptions, handleRequest } from "./handle-request.ts";

/** The port of webhooks. */
export interface HookServerOptions extends HandleRequestOptions {
  readonly port: number;
  /** Also served here, where upstream's scrape annotations look. */
  readonly registry: Metrics["registry"];
}

export interface HookServer extends Part {
  /** 0 before the start. */
  readonly port: number;
}

const maxBodyBytes = 1024 * 1024;
const drainMs = 5_000;

/** The port that webhooks call. */
export function createHookServer(o: HookServerOptions): HookServer {
  let server: Server | undefined;
  const handler: RequestHandler = (request, response) => {
    const gone = new AbortController();
    response.once("close", () => gone.abort(new Error("the caller has gone")));
    answer(request, gone.signal, o)
      .catch((error: unknown) => {
        o.log.error({ err: messageOf(error), path: request.url }, "request failed");
        return { status: 500, body: "internal error, see the log", type: "text/plain; charset=utf-8" };
      })
      .then(({ status, body, type }) => {
        response.statusCode = status;
        response.setHeader("content-type", type);
        response.end(body);
      });
  };
  return {
    name: "hook server",
    get port() {
      return server?.port ?? 0;
    },
    async start() {
      server = await serve({ name: "hooks", at: { port: o.port }, handler });
    },
    async stop() {
      await server?.close(drainMs);
    },
  };
}

interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly type: string;
}

async function answer(
  request: Parameters<RequestHandler>[0],
  signal: AbortSignal,
  o: HookServerOptions,
): Promise<HttpAnswer> {
  const path = new URL(request.url ?? "/", "http://hooks").pathname;
  if (path === "/metrics") return { status: 200, body: await o.registry.metrics(), type: o.registry.contentType };
  const body = await readBody(request, maxBodyBytes);
  const type = "text/plain; charset=utf-8";
  if (body === undefined) return { status: 413, body: `body is over ${maxBodyBytes} bytes`, type };
  return { ...(await handleRequest(path, body.toString("utf8"), { ...o, signal })), type };
}
