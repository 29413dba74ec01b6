import type { Canary } from "@burgee/contracts/crd";
import type { FlagSpec } from "../rollout-spec.ts";
import type { SpecReader } from "./reader.ts";

/** The flags that are switched with the release. With provider flag they are the route, and the router's business. */
export function readFlags(canary: Canary, provider: string, reader: SpecReader): readonly FlagSpec[] {
  const flags = canary.spec.analysis?.flags ?? [];
  flags.forEach(({ name }, index) => {
    if (flags.findIndex((other) => other.name === name) === index) return;
    reader.add({ path: `spec.analysis.flags[${index}].name`, value: name, expected: "every flag once" });
  });
  return provider === "flag" ? [] : flags;
}
