import { resultsOf } from "../results.ts";
import { flagRule } from "../rule.ts";

export const unknownVariant = flagRule({
  name: "unknown-variant",
  severity: "error",
  about: "targeting names variants that exist; for all others callers get an error",
  *check({ path, definition: { targeting, variants } }) {
    if (targeting === undefined) return;
    const known = Object.keys(variants).join(", ") || "none defined";
    for (const [name, at] of resultsOf(targeting, `${path}.targeting`).names) {
      if (Object.hasOwn(variants, name)) continue;
      yield { path: at, message: `can give "${name}", expected null or one of the variants: ${known}` };
    }
  },
});
