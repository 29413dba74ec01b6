import { describe } from "../../problem.ts";
import { flagRule } from "../rule.ts";

export const owner = flagRule({
  name: "owner",
  severity: "warning",
  about: "metadata says who owns a flag",
  *check({ path, definition }) {
    const value = definition.metadata?.owner;
    if (typeof value === "string" && value.trim() !== "") return;
    yield { path: `${path}.metadata.owner`, message: `is ${describe(value)}, expected a person or a team` };
  },
});
