import { childPath } from "../../schema/report.ts";
import { resultsOf } from "../results.ts";
import { flagRule } from "../rule.ts";

export const unusedVariant = flagRule({
  name: "unused-variant",
  severity: "warning",
  about: "every variant is the default or can come out of targeting",
  *check({ path, definition: { targeting = null, variants, defaultVariant } }) {
    const { names, open } = resultsOf(targeting, path);
    if (open) return;
    for (const name of Object.keys(variants)) {
      if (name === defaultVariant || names.has(name)) continue;
      // A flag without rules is switched by editing its default: then the others wait for their turn.
      if (targeting === null || isEmpty(targeting)) continue;
      yield {
        path: childPath(`${path}.variants`, name),
        message: "is never served, expected targeting to name it or the variant to go",
      };
    }
  },
});

function isEmpty(targeting: unknown): boolean {
  return typeof targeting === "object" && targeting !== null && Object.keys(targeting).length === 0;
}
