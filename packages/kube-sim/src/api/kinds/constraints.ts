import { isObject, type JsonObject } from "../json.ts";
import type { FieldProblem } from "../status.ts";

/** What is wrong with a value, without its place. `at`: further down, or another field. */
export interface Finding {
  type: FieldProblem["type"];
  detail?: string;
  value?: unknown;
  at?: string;
}

/** Looks at a value and at the object that it is a field or an item of. */
export type Check = (value: unknown, holder: JsonObject) => Finding | readonly Finding[] | undefined;

/** Checks by the places they are about: `spec.ports[].protocol`. A place whose holder is missing is not looked at. */
export type Constraints = Readonly<Record<string, Check | readonly Check[]>>;

/** Every problem that the constraints find, in their order. */
export function violations(root: unknown, constraints: Constraints, prefix = ""): FieldProblem[] {
  return Object.entries(constraints).flatMap(([path, given]) => {
    const checks = [given].flat();
    return placesOf(root, path.split("."), prefix).flatMap(({ value, holder, field }) =>
      checks.flatMap((check) => [check(value, holder) ?? []].flat().map((finding) => problemAt(field, value, finding))),
    );
  });
}

function problemAt(field: string, value: unknown, finding: Finding): FieldProblem {
  const { type, detail = "", at = "" } = finding;
  return { type, field: field + at, value: "value" in finding ? finding.value : value, detail };
}

interface Place {
  value: unknown;
  holder: JsonObject;
  field: string;
}

function placesOf(holder: unknown, [step = "", ...rest]: readonly string[], prefix: string): Place[] {
  if (!isObject(holder)) return [];
  const name = step.replace("[]", "");
  const field = prefix ? `${prefix}.${name}` : name;
  const value = holder[name];
  const places = !step.endsWith("[]")
    ? [{ value, holder, field }]
    : Array.isArray(value)
      ? value.map((item: unknown, index) => ({ value: item, holder, field: `${field}[${index}]` }))
      : [];
  return rest.length === 0 ? places : places.flatMap((place) => placesOf(place.value, rest, place.field));
}

/** Something has to be there: an empty text or list is nothing. */
export const required =
  (detail = ""): Check =>
  (value) =>
    value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
      ? { type: "Required", detail }
      : undefined;

/** One of a few words, when it is there. */
export const oneOf =
  (...words: readonly string[]): Check =>
  (value) =>
    value === undefined || words.includes(String(value))
      ? undefined
      : { type: "NotSupported", detail: `supported values: ${words.map((word) => JSON.stringify(word)).join(", ")}` };

/** One of a few words, also when it is not there. */
export const mustBeOneOf =
  (...words: readonly string[]): Check =>
  (value) => {
    const found = oneOf(...words)(value ?? "", {});
    return found && { ...[found].flat()[0], type: "NotSupported", value: value ?? "" };
  };

/** A number between two others, when it is there. */
export const between =
  (low: number, high: number, detail: string): Check =>
  (value) =>
    typeof value === "number" && (value < low || value > high) ? { type: "Invalid", detail } : undefined;

/** A text of a form, when it is there. */
export const like =
  (pattern: RegExp, detail: string): Check =>
  (value) =>
    typeof value !== "string" || value === "" || pattern.test(value) ? undefined : { type: "Invalid", detail };

/** No two items have the same value of a field; a problem names the later one. */
export const distinct =
  (key: string): Check =>
  (value) => {
    const seen = new Set<unknown>();
    return (Array.isArray(value) ? value : []).flatMap((item: unknown, index) => {
      const name = isObject(item) ? item[key] : undefined;
      if (name === undefined) return [];
      if (seen.has(name)) return [{ type: "Duplicate" as const, value: name, at: `[${index}].${key}` }];
      seen.add(name);
      return [];
    });
  };

export const portNumber = between(1, 65_535, "must be between 1 and 65535, inclusive");
export const protocol = oneOf("SCTP", "TCP", "UDP");

export const dnsLabel = like(
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
);

/** A name of a host, which may start with a wildcard. */
export const dnsSubdomain = like(
  /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
);

export const address: Check = (value) =>
  typeof value !== "string" || /^(\d{1,3}\.){3}\d{1,3}$/.test(value) || value.includes(":")
    ? undefined
    : { type: "Invalid", detail: "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)" };
