import { expiresAt, never, timeOf } from "../../lifecycle.ts";
import { describe } from "../../problem.ts";
import { flagRule } from "../rule.ts";

export const expiry = flagRule({
  name: "expiry",
  severity: "warning",
  about: 'metadata says when a flag should be gone, or "never"',
  *check({ path, definition: { metadata } }) {
    const value = metadata?.expiry;
    if (value === never) return;
    const at = `${path}.metadata.expiry`;
    const ends = expiresAt(metadata);
    const made = timeOf(metadata?.created);
    if (ends === undefined) {
      yield { path: at, message: `is ${describe(value)}, expected a date such as 2026-01-31, or "${never}"` };
    } else if (made !== undefined && ends <= made) {
      yield { path: at, message: `is ${describe(value)}, expected a date after ${describe(metadata?.created)}` };
    }
  },
});
