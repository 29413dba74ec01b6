import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";

/** Headers for the answer; a preflight is answered with them alone. */
export interface CorsAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly preflight: boolean;
}

const methods: ReadonlySet<string> = new Set(["HEAD", "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const exposed = [
  "Accept",
  "Accept-Encoding",
  "Accept-Post",
  "Connect-Accept-Encoding",
  "Connect-Content-Encoding",
  "Content-Encoding",
  "Grpc-Accept-Encoding",
  "Grpc-Encoding",
  "Grpc-Message",
  "Grpc-Status",
  "Grpc-Status-Details-Bin",
];

export type Cors = (request: IncomingMessage | Http2ServerRequest) => CorsAnswer;

/**
 * Cross-origin rules as upstream has them: no configured origin means every origin. Browsers may read upstream's list of response
 * headers, and those of `alsoExposed`.
 */
export function createCors(origins: readonly string[], alsoExposed: readonly string[] = []): Cors {
  const readable = [...exposed, ...alsoExposed].join(", ");
  const all = origins.length === 0 || origins.includes("*");
  const patterns = origins.map(originPattern);
  return ({ method, headers }) => {
    const origin = headers.origin;
    const wanted = headers["access-control-request-method"];
    const preflight = method === "OPTIONS" && wanted !== undefined;
    const vary = preflight ? "Origin, Access-Control-Request-Method, Access-Control-Request-Headers" : "Origin";
    const allowed = origin !== undefined && (all || patterns.some((pattern) => pattern.test(origin)));
    const known = methods.has((preflight ? wanted : method) ?? "");
    if (!allowed || !known) return { preflight, headers: { vary } };
    const base = { vary, "access-control-allow-origin": all ? "*" : origin };
    if (!preflight) return { preflight, headers: { ...base, "access-control-expose-headers": readable } };
    const asked = headers["access-control-request-headers"];
    return {
      preflight,
      headers: {
        ...base,
        "access-control-allow-methods": wanted,
        ...(asked !== undefined && { "access-control-allow-headers": String(asked) }),
      },
    };
  };
}

/** One `*` stands for any text; case does not matter. */
function originPattern(origin: string): RegExp {
  const [before = "", ...after] = origin.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${[before, after.join("\\*")].slice(0, after.length === 0 ? 1 : 2).join(".*")}$`, "i");
}
