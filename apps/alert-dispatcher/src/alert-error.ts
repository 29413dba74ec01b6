/** Every code an {@link AlertError} can carry, whether trying again can help, and whether a person has to mend something first. */
const alertErrorCodes = {
  /** The AlertProvider does not exist (yet). */
  provider_missing: { retry: true, mend: true },
  provider_malformed: { retry: false, mend: true },
  /** The Secret, or its key, does not exist (yet). */
  secret_missing: { retry: true, mend: true },
  secret_malformed: { retry: false, mend: true },
  cross_namespace: { retry: false, mend: true },
  kubernetes_away: { retry: true, mend: false },
  unreachable: { retry: true, mend: false },
  /** The receiver is overloaded or broken for now. */
  try_later: { retry: true, mend: false },
  /** The receiver does not want this, whenever it is sent. */
  refused: { retry: false, mend: false },
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

  /** True when it is about what the Canary names, not about a receiver that is away. */
  get mend(): boolean {
    return alertErrorCodes[this.code].mend;
  }
}
