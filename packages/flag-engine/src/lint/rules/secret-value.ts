import type { JsonValue } from "../../json.ts";
import type { Problem } from "../../problem.ts";
import { childPath } from "../../schema/report.ts";
import { flagRule } from "../rule.ts";

/** What secrets look like, whatever they are called. */
const shapes: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["an AWS access key", /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(?:gh[pousr]_[0-9A-Za-z]{30,}|github_pat_\w{30,})/],
  ["a GitLab token", /\bglpat-[\w-]{20,}/],
  ["a Slack token", /\bxox[abposr]-[\w-]{10,}/],
  ["a Slack webhook", /hooks\.slack\.com\/services\/T/],
  ["a Google API key", /\bAIza[\w-]{35}\b/],
  ["a Stripe key", /\b[rs]k_(?:live|test)_[0-9A-Za-z]{16,}/],
  ["a signed token (JWT)", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/],
  ["a URL with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]+@/i],
];

const telling = /pass(?:word|wd)?$|secret|token$|api[-_]?key|private[-_]?key|credential/i;

/** Values are read by every client that may evaluate the flag. The secret itself is never repeated. */
export const secretValue = flagRule({
  name: "secret-value",
  severity: "error",
  about: "no variant and no metadata holds a secret",
  *check({ path, definition: { variants, metadata = {} } }) {
    yield* look(variants, `${path}.variants`, "");
    yield* look(metadata, `${path}.metadata`, "");
  },
});

function* look(value: JsonValue, path: string, name: string): Generator<Problem> {
  if (typeof value === "string") {
    const what = shapes.find(([, shape]) => shape.test(value))?.[0] ?? byName(name, value);
    if (what !== undefined) yield { path, message: `looks like ${what}, expected no secrets: clients can read it` };
  } else if (typeof value === "object" && value !== null) {
    const list = Array.isArray(value);
    for (const [key, item] of Object.entries(value)) {
      yield* look(item, childPath(path, list ? Number(key) : key), list ? name : key);
    }
  }
}

function byName(name: string, value: string): string | undefined {
  return telling.test(name) && value.length >= 8 && !/\s/.test(value) ? `the value of "${name}"` : undefined;
}
