export const dialErrorCodes = [
  "timeout",
  "too_large",
  "unreachable",
  "refused_by_policy",
  "too_many_redirects",
  "bad_url",
  "aborted",
] as const;
/** One of {@link dialErrorCodes}. */
export type DialErrorCode = (typeof dialErrorCodes)[number];

/** Why a call did not get an answer. The message names the redacted URL. An HTTP error status is an answer, not a DialError. */
export class DialError extends Error {
  readonly code: DialErrorCode;

  constructor(code: DialErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "DialError";
    this.code = code;
  }
}

/** The DialError somewhere in the causes of what a library threw, if there is one. */
export function dialErrorIn(thrown: unknown): DialError | undefined {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 5; error = error.cause, depth++) {
    if (error instanceof DialError) return error;
  }
  return undefined;
}
