import type { RequestHandler } from "./serve.ts";

/** What a timer can wait, some 24 days. */
const longestMs = 2 ** 31 - 1;
const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1_000 };

/**
 * The handler, for requests whose deadline (`grpc-timeout`, `connect-timeout-ms`) is no further away than a timer can wait. One that is counts as
 * none: to Connect's timers it would be over at once.
 */
export function withoutEndlessDeadlines(handler: RequestHandler): RequestHandler {
  return (request, response) => {
    const { headers } = request;
    if (grpcMs(headers["grpc-timeout"]) > longestMs) delete headers["grpc-timeout"];
    if (Number(headers["connect-timeout-ms"]) > longestMs) delete headers["connect-timeout-ms"];
    handler(request, response);
  };
}

/** Only of units that can be too long; NaN for all else. */
function grpcMs(header: string | string[] | undefined): number {
  const [, digits, unit = ""] = /^(\d{1,8})([HMS])$/.exec(String(header ?? "")) ?? [];
  return Number(digits) * (unitMs[unit] ?? Number.NaN);
}
