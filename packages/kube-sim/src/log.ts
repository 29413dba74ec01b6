/** The log a simulator writes to. A pino logger fits as it is. */
export interface SimLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A log that keeps nothing: the default, so that a test prints only what it asks for. */
export const silentLog: SimLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
