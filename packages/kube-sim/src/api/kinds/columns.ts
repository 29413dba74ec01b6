import { stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { Column } from "../resource.ts";

type Cell = string | number | boolean | null;

/** A text column that is always shown. */
export function text(name: string, value: (object: KubeObject) => Cell): Column {
  return { name, type: "string", priority: 0, value };
}

/** A text column that `-o wide` adds. */
export function wide(name: string, value: (object: KubeObject) => Cell): Column {
  return { name, type: "string", priority: 1, value };
}

export const nameColumn: Column = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name must be unique within a namespace.",
  priority: 0,
  value: (object) => object.metadata.name,
};

export const ageColumn: Column = {
  name: "Age",
  type: "string",
  description: "CreationTimestamp is a timestamp representing the server time when this object was created.",
  priority: 0,
  value: (object, now) => ageOf(object.metadata.creationTimestamp, now),
};

/** How long ago a time was, as kubectl writes it; `<unknown>` without one. */
export function ageOf(time: unknown, now: number): string {
  const since = typeof time === "string" ? Date.parse(time) : Number.NaN;
  if (Number.isNaN(since)) return "<unknown>";
  return humanDuration(now - since);
}

/** At most two units, fewer for long times: `45s`, `3m20s`, `17h`, `2d5h`, `30d`. */
export function humanDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const two = (large: number, unit: string, small: number, smallUnit: string) =>
    small === 0 ? `${large}${unit}` : `${large}${unit}${small}${smallUnit}`;
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return two(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return two(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return two(days, "d", hours % 24, "h");
  if (days < 365 * 2) return `${days}d`;
  return two(Math.floor(days / 365), "y", days % 365, "d");
}

/** A selector as `a=b,c in (d)`, or `<none>`. */
export function selectorText(selector: Record<string, unknown>): string {
  const pairs = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  return pairs.length > 0 ? pairs.join(",") : "<none>";
}

export function orNone(value: string | undefined): string {
  return value ? value : "<none>";
}

export function field(...path: string[]): (object: KubeObject) => string {
  return (object) => orNone(stringAt(object, ...path));
}
