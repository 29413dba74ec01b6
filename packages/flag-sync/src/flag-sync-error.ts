export const flagSyncErrorCodes = ["invalid_source", "unknown_provider", "source_unreachable", "bad_document"] as const;
export type FlagSyncErrorCode = (typeof flagSyncErrorCodes)[number];

/** A flag source that is described wrongly or cannot be read. */
export class FlagSyncError extends Error {
  override readonly name = "FlagSyncError";
  readonly code: FlagSyncErrorCode;

  constructor(code: FlagSyncErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }
}
