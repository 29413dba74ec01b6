/** Every code an {@link AlertError} can carry, and whether trying again can help. */
const alertErrorCodes = {
  /** The AlertProvider does not exist (yet). */
  provider_missing: { retry: true },
  provider_malformed: { retry: false },
  /** The Secret, or its key, does not exist (yet). */
  secret_missing: { retry: true },
  secret_malformed: { retry: false },
  cross_namespace: { retry: false },
  kubernetes_away: { retry: true },
  unreachable: { retry: true },
  /** The receiver is overloaded or broken for now. */
  try_later: { retry: true },
  /** The receiver does not want this, whenever it is sent. */
  refused: { retry: false },
} as const;
export type AlertErrorCode = keyof typeof alertErrorCodes;

/** Why an alert did not reach a receiver. The message holds no address and no token. */
export class AlertError extends Error {
  readonly code: AlertErrorCode;
  /** How long the receiver asked to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(code: AlertErrorCode, message: string, o: { retryAfterMs?: number | undefined } = {}) {
    super(`[${code}] ${message}`);
    this.name = "AlertError";
    this.code = code;
    this.retryAfterMs = o.retryAfterMs;
  }

  get retry(): boolean {
    return alertErrorCodes[this.code].retry;
  }
}
