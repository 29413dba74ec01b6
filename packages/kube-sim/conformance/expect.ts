import { at, equal, isObject, stringAt } from "../src/api/json.ts";
import type { Answer } from "./http.ts";

/** A case's verdict that something is not as the API server does it. */
export class Difference extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Difference";
  }
}

/** A part of a value that must be there: objects may have more, lists may not; a RegExp fits texts, a function decides. */
export type Pattern = unknown;

/** The first place where a value does not fit; undefined when it does. */
export function misfit(value: unknown, pattern: Pattern, path = ""): string | undefined {
  if (typeof pattern === "function") return pattern(value) ? undefined : `${path || "."} is ${brief(value)}`;
  if (pattern instanceof RegExp) {
    return typeof value === "string" && pattern.test(value)
      ? undefined
      : `${path} is ${brief(value)}, expected ${pattern}`;
  }
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length)
      return `${path} is ${brief(value)}, expected ${pattern.length} items like ${brief(pattern)}`;
    return firstOf(pattern.map((item, index) => () => misfit(value[index], item, `${path}[${index}]`)));
  }
  if (isObject(pattern)) {
    if (!isObject(value)) return `${path || "."} is ${brief(value)}, expected ${brief(pattern)}`;
    return firstOf(
      Object.entries(pattern).map(
        ([name, part]) =>
          () =>
            misfit(value[name], part, `${path}.${name}`),
      ),
    );
  }
  return equal(value, pattern) ? undefined : `${path || "."} is ${brief(value)}, expected ${brief(pattern)}`;
}

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}

function brief(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}

/** A value that fits. Throws Difference naming the place. */
export function fits(value: unknown, pattern: Pattern, what = "the value"): void {
  const found = misfit(value, pattern);
  if (found !== undefined) throw new Difference(`${what}: ${found}`);
}

/** An answer with that status whose body fits; returns the body. */
export function answers(answer: Answer, status: number, pattern: Pattern = {}): unknown {
  if (answer.status !== status) {
    const message = stringAt(answer.body, "message") ?? "";
    throw new Difference(`the status is ${answer.status} ${message.slice(0, 300)}, expected ${status}`);
  }
  fits(answer.body, pattern, "the answer");
  return answer.body;
}

/** A refusal: a Status with code and reason, and the message or the causes' fields where given. */
export function refuses(
  answer: Answer,
  status: number,
  reason: string | undefined,
  o: { message?: Pattern; fields?: readonly string[]; details?: Pattern } = {},
): unknown {
  const body = answers(answer, status, {
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: status,
    reason,
    ...(o.message !== undefined && { message: o.message }),
    ...(o.details !== undefined && { details: o.details }),
  });
  if (o.fields) {
    const wanted = [...o.fields].sort();
    const causes: unknown = at(body, "details", "causes");
    const found = Array.isArray(causes) ? [...new Set(causes.map((cause) => stringAt(cause, "field")))].sort() : [];
    if (!equal(found, wanted))
      throw new Difference(`the fields at fault are ${brief(found)}, expected ${brief(wanted)}`);
  }
  return body;
}

/** Absent, as a pattern. */
export const absent = undefined;
/** Any text that is not empty, as a pattern. */
export const someText = (value: unknown): boolean => typeof value === "string" && value !== "";
/** A time in whole seconds, as a pattern. */
export const someTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

/** The end of a text, whatever comes before. */
export function endsWith(text: string): RegExp {
  return new RegExp(`${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
}
