/** Writes one event. The message is a constant phrase; what varies goes into the fields. */
export interface LogMethod {
  (fields: object, message: string): void;
  (message: string): void;
}

/** Structured logging with pino's calls. Secrets and credentials in URLs are redacted on the way out. */
export interface Logger {
  level: string;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A logger that adds these fields to every event. */
  child(fields: Record<string, unknown>): Logger;
}
