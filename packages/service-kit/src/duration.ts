import { KitError } from "./kit-error.ts";

const unitMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  // Micro and the Greek mu. Escaped: one character beyond Latin 1 doubles the memory that a bundle's text takes.
  "\u00b5s": 1e-3,
  "\u03bcs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};
const whole =
  /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|[\u00b5\u03bc]s|ms|s|m|h)(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|[\u00b5\u03bc]s|ms|s|m|h))*$/u;
const parts = /(\d+(?:\.\d*)?|\.\d+)(ns|us|[\u00b5\u03bc]s|ms|s|m|h)/gu;

/** Milliseconds of a Go duration such as `1m30s`, or undefined when it is not one. `0` needs no unit. */
export function tryParseGoDuration(text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0;
  if (!whole.test(text)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(parts)) ms += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  return text.startsWith("-") ? -ms : ms;
}

/** Milliseconds of a Go duration such as `1m30s`. Throws {@link KitError} `bad_duration`. */
export function parseGoDuration(text: string): number {
  const ms = tryParseGoDuration(text);
  if (ms === undefined) {
    throw new KitError("bad_duration", `duration is ${JSON.stringify(text)}, expected one like 500ms, 10s or 1m30s`);
  }
  return ms;
}

/** Milliseconds as Go prints a duration: `1m30s`, `1.5s`, `250ms`, `0s`. */
export function formatGoDuration(ms: number): string {
  if (ms === 0) return "0s";
  const sign = ms < 0 ? "-" : "";
  const size = Math.abs(ms);
  if (size < 1e-3) return `${sign}${trim(size * 1e6)}ns`;
  if (size < 1) return `${sign}${trim(size * 1e3)}µs`;
  if (size < 1_000) return `${sign}${trim(size)}ms`;
  const hours = Math.floor(size / 3_600_000);
  const minutes = Math.floor((size % 3_600_000) / 60_000);
  const seconds = `${trim((size % 60_000) / 1_000)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

function trim(n: number): string {
  return String(Number(n.toFixed(9)));
}
