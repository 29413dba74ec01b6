import { expiresAt } from "../../lifecycle.ts";
import { describe } from "../../problem.ts";
import { flagRule } from "../rule.ts";

export const expired = flagRule({
  name: "expired",
  severity: "warning",
  about: "no flag outlives its expiry",
  *check({ path, definition: { metadata } }, now) {
    const ends = expiresAt(metadata);
    if (ends === undefined || ends > now) return;
    const days = Math.floor((now - ends) / 86_400_000);
    const since = days === 0 ? "today" : days === 1 ? "a day ago" : `${days} days ago`;
    yield {
      path: `${path}.metadata.expiry`,
      message: `is ${describe(metadata?.expiry)}, which was ${since}; expected the flag to be removed, or a later date`,
    };
  },
});
