import { KubeError, type KubeErrorCode } from "../kube-error.ts";
import type { Status } from "../object.ts";

const byStatus: Record<number, KubeErrorCode> = {
  401: "unauthorized",
  403: "forbidden",
  404: "not_found",
  408: "timeout",
  409: "conflict",
  410: "gone",
  429: "too_many_requests",
  504: "timeout",
};

function codeOf(status: number, reason: string | undefined): KubeErrorCode {
  if (reason === "AlreadyExists") return "already_exists";
  if (reason === "Expired" || reason === "Gone") return "gone";
  const known = byStatus[status];
  if (known !== undefined) return known;
  return status >= 400 && status < 500 ? "invalid" : "server_error";
}

/** The error for an answer with a failure status, or for an ERROR event of a watch. */
export function errorFromStatus(
  what: string,
  o: { status: number; body: unknown; retryAfter?: string | undefined },
): KubeError {
  const details = statusOf(o.body);
  const status = o.status;
  const said = details?.message ?? plainText(o);
  const retryAfterMs = retryAfterMsOf(o.retryAfter) ?? secondsToMs(details?.details?.retryAfterSeconds);
  return new KubeError(codeOf(status, details?.reason), `${what}: ${status}${said === "" ? "" : ` ${said}`}`, {
    status,
    ...(details !== undefined && { details }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** A path that the API server knows nothing of is answered in plain text. */
function plainText({ status, body }: { status: number; body: unknown }): string {
  const text = typeof body === "string" ? body.slice(0, 200).trim() : "";
  return status === 404 && text === "404 page not found"
    ? "this kind is not served, expected its CustomResourceDefinition to be installed"
    : text;
}

function statusOf(body: unknown): Status | undefined {
  if (typeof body !== "object" || body === null || !("kind" in body) || body.kind !== "Status") return undefined;
  return body as Status;
}

function secondsToMs(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 ? undefined : seconds * 1000;
}

/** Retry-After is a number of seconds or an HTTP date. */
function retryAfterMsOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
