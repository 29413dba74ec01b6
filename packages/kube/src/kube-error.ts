import type { Status } from "./object.ts";

/** What went wrong, for callers to branch on. The list is closed. */
export type KubeErrorCode =
  | "not_found"
  | "conflict"
  | "already_exists"
  | "gone"
  | "forbidden"
  | "unauthorized"
  | "invalid"
  | "too_many_requests"
  | "timeout"
  | "unreachable"
  | "server_error"
  /** A guarded client refused to send a write, because its guard no longer holds. */
  | "fenced"
  /** The caller's signal was aborted. */
  | "aborted";

/** Every failure of a call to the Kubernetes API. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly code: KubeErrorCode;
  /** The HTTP status, when there was an answer. */
  readonly status: number | undefined;
  readonly details: Status | undefined;
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    code: KubeErrorCode,
    message: string,
    o: { status?: number; details?: Status; retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(`[${code}] ${message}`, o.cause === undefined ? undefined : { cause: o.cause });
    this.code = code;
    this.status = o.status;
    this.details = o.details;
    this.retryAfterMs = o.retryAfterMs;
  }
}

/** True for a KubeError with one of these codes (any code when none is given). */
export function isKubeError(err: unknown, ...codes: KubeErrorCode[]): err is KubeError {
  return err instanceof KubeError && (codes.length === 0 || codes.includes(err.code));
}
