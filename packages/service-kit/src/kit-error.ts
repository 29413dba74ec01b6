/** Every code a {@link KitError} can carry. */
export const kitErrorCodes = [
  "bad_duration",
  "port_in_use",
  "listen_failed",
  "bad_address",
  "duplicate_route",
  "start_failed",
] as const;
/** One of {@link kitErrorCodes}. */
export type KitErrorCode = (typeof kitErrorCodes)[number];

/** What service-kit itself cannot do. The message starts with the code and says what would be right. */
export class KitError extends Error {
  readonly code: KitErrorCode;

  constructor(code: KitErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "KitError";
    this.code = code;
  }
}

/** The text of whatever was thrown, with the code of a Node error when it has one. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // Node reports a failed connection to a name with several addresses as an AggregateError without a message.
  if (thrown instanceof AggregateError && thrown.message === "") {
    return [...new Set(thrown.errors.map(messageOf))].join("; ");
  }
  return thrown.message;
}
