import { greetingOf as greetingIn, testFlags } from "@burgee/flag-sync/testing";
import type { Answer, Question } from "./client.ts";

/** One flag for each reason and each error; `region` and `staff` look at the server's own context and at a shared rule. */
export const flags = {
  ...testFlags,
  $evaluators: { isStaff: { ends_with: [{ var: "email" }, "@example.com"] } },
  flags: {
    ...testFlags.flags,
    staff: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      targeting: { if: [{ $ref: "isStaff" }, "on"] },
    },
    nothing: { state: "ENABLED", variants: { zero: 0 }, defaultVariant: "zero" },
    region: {
      state: "ENABLED",
      variants: { eu: "eu-west", other: "elsewhere" },
      defaultVariant: "other",
      targeting: { if: [{ "==": [{ var: "region" }, "eu"] }, "eu"] },
    },
  },
};

/** The same flags with this default of `greeting`. */
export function greetingOf(variant: "short" | "long"): object {
  return greetingIn(variant, flags);
}

export interface Case {
  readonly asks: Question;
  readonly gives: Answer;
  /** Clients and protocols that cannot say it so, by name. */
  readonly but?: readonly (readonly [clients: readonly string[], gives: Answer])[];
}

/** Which clients a case's `but` is about. */
const v1 = ["grpc-js, flagd.evaluation.v1", "curl, flagd.evaluation.v1"] as const;
const schemaV1 = ["grpc-js, schema.v1", "curl, schema.v1"] as const;
const web = ["flagd-web-provider"] as const;
const ofrepWithoutProvider = ["curl, OFREP", "curl, OFREP for all flags"] as const;

const user = { targetingKey: "ann" };

function error(value: Answer["value"], errorCode: string): Answer {
  return { value, reason: "ERROR", errorCode };
}

/** The server was started with `-X region=eu`. SPLIT and TARGETING_KEY_MISSING are never said by flagd, CACHED only by clients. */
export const cases: Readonly<Record<string, Case>> = {
  "STATIC: a text": {
    asks: { key: "greeting", fallback: "x", context: user },
    gives: { value: "hello", reason: "STATIC", variant: "long" },
  },
  "STATIC: a number": {
    asks: { key: "ratio", fallback: 1 },
    gives: { value: 3.7, reason: "STATIC", variant: "big" },
  },
  "STATIC: a zero, which is not left out": {
    asks: { key: "nothing", fallback: 1 },
    gives: { value: 0, reason: "STATIC", variant: "zero" },
  },
  "STATIC: an object": {
    asks: { key: "theme", fallback: {} },
    gives: { value: { color: "#000", sizes: [1, 2] }, reason: "STATIC", variant: "dark" },
  },
  "TARGETING_MATCH: a rule over the request's context": {
    asks: { key: "banner", fallback: false, context: { ...user, releaseRole: "canary" } },
    gives: { value: true, reason: "TARGETING_MATCH", variant: "on" },
  },
  "TARGETING_MATCH: a shared rule": {
    asks: { key: "staff", fallback: false, context: { ...user, email: "ann@example.com" } },
    gives: { value: true, reason: "TARGETING_MATCH", variant: "on" },
  },
  "TARGETING_MATCH: the server's own context wins over the request's": {
    asks: { key: "region", fallback: "x", context: { region: "us" } },
    gives: { value: "eu-west", reason: "TARGETING_MATCH", variant: "eu" },
  },
  "TARGETING_MATCH, not SPLIT: a share of the users": {
    asks: { key: "split", fallback: "x", context: user },
    gives: { value: "B", reason: "TARGETING_MATCH", variant: "b" },
  },
  "TARGETING_MATCH: another user of that share": {
    asks: { key: "split", fallback: "x", context: { targetingKey: "eve" } },
    gives: { value: "A", reason: "TARGETING_MATCH", variant: "a" },
  },
  "DEFAULT: no rule matches": {
    asks: { key: "banner", fallback: true, context: user },
    gives: { value: false, reason: "DEFAULT", variant: "off" },
  },
  "DEFAULT: a share without a targeting key": {
    asks: { key: "split", fallback: "x" },
    gives: { value: "A", reason: "DEFAULT", variant: "a" },
  },
  "DEFAULT: no default variant, so the caller's own": {
    asks: { key: "undecided", fallback: true },
    gives: { value: true, reason: "DEFAULT" },
    but: [
      // They have no way to say "use your own".
      [[...v1, ...web], error(true, "FLAG_NOT_FOUND")],
      [schemaV1, { value: false, reason: "FALLBACK", variant: "" }],
      // This version takes an answer without a value for a broken one.
      [["ofrep-provider"], error(true, "GENERAL")],
    ],
  },
  "DISABLED: the caller's own value": {
    asks: { key: "resting", fallback: true },
    gives: { value: true, reason: "DISABLED" },
    but: [
      [[...v1, ...schemaV1, ...web], { value: false, reason: "DISABLED", variant: "" }],
      [["ofrep-provider"], error(true, "GENERAL")],
    ],
  },
  "FLAG_NOT_FOUND: no such flag": {
    asks: { key: "nope", fallback: true },
    gives: error(true, "FLAG_NOT_FOUND"),
  },
  "TYPE_MISMATCH: a boolean asked for as a text": {
    asks: { key: "banner", fallback: "x" },
    gives: error("x", "TYPE_MISMATCH"),
    // OFREP's questions have no type: its providers look at the value.
    but: [[ofrepWithoutProvider, { value: false, reason: "DEFAULT", variant: "off" }]],
  },
  "TYPE_MISMATCH: a text asked for as a boolean": {
    asks: { key: "greeting", fallback: true },
    gives: error(true, "TYPE_MISMATCH"),
    but: [[ofrepWithoutProvider, { value: "hello", reason: "STATIC", variant: "long" }]],
  },
  "PARSE_ERROR: a rule with an unknown operator": {
    asks: { key: "broken", fallback: true },
    gives: error(true, "PARSE_ERROR"),
    // In the answer for all flags of evaluation.v1 an error is the zero of its type.
    but: [[web, { value: false, reason: "ERROR", variant: "" }]],
  },
  "GENERAL: a rule that names no variant": {
    asks: { key: "lost", fallback: true },
    gives: error(true, "GENERAL"),
    but: [[web, { value: false, reason: "ERROR", variant: "" }]],
  },
};

/** What this client has to get. */
export function expected({ gives, but = [] }: Case, client: string): Answer {
  return but.find(([names]) => names.includes(client))?.[1] ?? gives;
}
