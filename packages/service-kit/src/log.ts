import pino from "pino";
import { redactText } from "./redact.ts";
import type { Secret } from "./secret.ts";

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

/** From the least severe on. Nothing is logged as `panic`: as a limit it is `fatal`, which Go's loggers rank next to it. */
export const logLevels = ["debug", "info", "warn", "error", "fatal", "panic"] as const;

/** Who logs, what, and where to. */
export interface LoggerOptions {
  /** Written with every event as `service`. */
  readonly name: string;
  /** Default `info`. */
  readonly level?: (typeof logLevels)[number] | "silent";
  /** `json` (default): one object a line with `level`, `ts` (ISO 8601), `service`, `msg`. `console`: text for people. */
  readonly format?: "json" | "console";
  /** Their texts never appear in a line, wherever they come from. */
  readonly secrets?: readonly Secret[];
  /** Takes each finished line, newline included. Default: standard error. */
  readonly write?: (line: string) => void;
}

/** A logger that writes synchronously, so that the last words of a process are not lost. */
export function createLogger(o: LoggerOptions): Logger {
  const secrets = (o.secrets ?? []).map((secret) => secret.reveal());
  const write = o.write ?? standardError();
  const show = o.format === "console" ? consoleLine : (line: string): string => line;
  return pino(
    {
      level: o.level === "panic" ? "fatal" : (o.level ?? "info"),
      base: { service: o.name },
      timestamp: () => `,"ts":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: "***" },
      serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    },
    { write: (line: string) => write(redactText(show(line), secrets)) },
  );
}

// Field names that hold credentials whoever logs them; our own secrets print *** by themselves.
const secretPaths = ["password", "token", "secret", "authorization", "apiKey"].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

function standardError(): (line: string) => void {
  const destination = pino.destination({ fd: 2, sync: true });
  return (line) => {
    destination.write(line);
  };
}

/** `12:30:01.250 warn  weight shifted canary=podinfo weight=10`, with the stack of an error on lines of its own. */
function consoleLine(line: string): string {
  const event: unknown = JSON.parse(line);
  if (typeof event !== "object" || event === null) return line;
  const {
    level,
    ts,
    msg,
    service: _,
    err,
    ...fields
  } = { level: "", ts: "", msg: "", err: undefined, service: "", ...event };
  const pairs = Object.entries(fields).map(
    ([key, value]) => `${key}=${typeof value === "string" ? quoted(value) : JSON.stringify(value)}`,
  );
  const head = [String(ts).slice(11, 23), String(level).padEnd(5), String(msg), ...pairs].join(" ");
  return `${head}${errorText(err)}\n`;
}

function quoted(text: string): string {
  return /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function errorText(err: unknown): string {
  if (typeof err !== "object" || err === null) return "";
  const { stack, message } = { stack: undefined, message: undefined, ...err };
  return `\n  ${String(stack ?? message ?? "").replaceAll("\n", "\n  ")}`;
}
