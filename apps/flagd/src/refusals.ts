import type { IncomingHttpHeaders } from "node:http";

/** What the requests and responses of both HTTP versions have in common. */
interface Request {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
}
interface Response {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  removeHeader(name: string): void;
  end(): unknown;
  end(text: string): unknown;
}

/** Answers for a path that nobody serves, in upstream's words. */
export function notFound(_: Request, response: Response): void {
  response.statusCode = 404;
  response.removeHeader("allow");
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.setHeader("x-content-type-options", "nosniff");
  response.end("404 page not found\n");
}

/** Every method is called by POST: what answers the others says so. */
export function allowPost(request: Request, response: Response): void {
  if (request.method !== "POST") response.setHeader("allow", "POST");
}

/** gRPC callers learn that a method is not there from a gRPC status, as grpc-go has it; others get status 415. */
export function unknownMethod(request: Request, response: Response): void {
  if (!String(request.headers["content-type"]).startsWith("application/grpc")) {
    response.statusCode = 415;
    response.end();
    return;
  }
  const [, service = "", method = ""] = (request.url ?? "").split("/");
  response.setHeader("content-type", "application/grpc");
  response.setHeader("grpc-status", "12");
  response.setHeader("grpc-message", encodeURI(`unknown method ${method} for service ${service}`));
  response.end();
}
