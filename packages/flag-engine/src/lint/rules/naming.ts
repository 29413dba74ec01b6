import { childPath } from "../../schema/report.ts";
import { flagRule } from "../rule.ts";

const key = /^[A-Za-z0-9]+(?:[-._/][A-Za-z0-9]+)*$/;
/** Upstream writes these escaped before it compares, so that its targeting never finds the variant. */
const unreachable = /[<>&"\\\u2028\u2029]/;

export const naming = flagRule({
  name: "naming",
  severity: "warning",
  about:
    "flag keys are words of letters and digits, joined by - . _ or /; variants can be named by targeting everywhere",
  *check({ path, definition }) {
    if (!key.test(definition.key)) {
      const better = suggestion(definition.key);
      yield {
        path,
        message: `has the key ${JSON.stringify(definition.key)}, expected words of letters and digits${better}`,
      };
    }
    for (const name of Object.keys(definition.variants)) {
      if (!unreachable.test(name)) continue;
      const at = childPath(`${path}.variants`, name);
      yield {
        path: at,
        message: "has a name that upstream's targeting cannot give, expected one without < > & \" or \\",
      };
    }
  },
});

/** `newCheckout Flow` → `new-checkout-flow`. */
function suggestion(written: string): string {
  const better = written
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9._/]+/g, "-")
    .replaceAll(/^[-._/]+|[-._/]+$/g, "");
  return key.test(better) ? `, such as "${better}"` : "";
}
