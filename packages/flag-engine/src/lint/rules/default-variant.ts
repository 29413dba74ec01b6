import { flagRule } from "../rule.ts";

/** A default variant that is not among the variants never gets here: the server rejects the document. */
export const defaultVariant = flagRule({
  name: "default-variant",
  severity: "warning",
  about: "every flag has a default variant, so that what users get is written in one place",
  *check({ path, definition }) {
    if (definition.defaultVariant !== "") return;
    const names = Object.keys(definition.variants).join(", ") || "none defined";
    yield { path: `${path}.defaultVariant`, message: `is missing, expected one of the variants: ${names}` };
  },
});
