/** Every code an {@link EventBusError} can carry. */
export const eventBusErrorCodes = ["unavailable", "full", "closed", "bad_url"] as const;
/** One of {@link eventBusErrorCodes}. */
export type EventBusErrorCode = (typeof eventBusErrorCodes)[number];

/** What the bus could not do. The message starts with the code and holds no credentials. */
export class EventBusError extends Error {
  readonly code: EventBusErrorCode;

  constructor(code: EventBusErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "EventBusError";
    this.code = code;
  }
}
