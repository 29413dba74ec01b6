import type { FeatureFlag, FeatureFlagDefinition } from "@burgee/contracts/crd";
import { fieldProblem } from "../api-problem.ts";
import type { FlagOrder } from "./flag-request.ts";

export interface FoundFlag {
  featureFlag: FeatureFlag;
  key: string;
  flag: FeatureFlagDefinition;
}

/** The one flag of the namespace that the order means. Throws when there is none, or more than one. */
export function findFlag(featureFlags: readonly FeatureFlag[], order: FlagOrder): FoundFlag {
  const found = featureFlags.flatMap((featureFlag) => {
    const flag = flagsOf(featureFlag)[order.flag];
    const meant = order.featureFlag === undefined || order.featureFlag === featureFlag.metadata.name;
    return flag !== undefined && meant ? [{ featureFlag, key: order.flag, flag }] : [];
  });
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const names = found.map((f) => f.featureFlag.metadata.name).sort();
  if (names.length > 1) {
    throw fieldProblem("unprocessable", {
      field: "featureFlag",
      expected: `one of: ${names.join(", ")}, which all have flag ${order.flag}`,
    });
  }
  const keys = [...new Set(featureFlags.flatMap((f) => Object.keys(flagsOf(f))))].sort();
  throw fieldProblem("unprocessable", {
    field: "flag",
    value: order.flag,
    expected: `one of the namespace's flags: ${keys.join(", ") || "none"}`,
  });
}

function flagsOf(featureFlag: FeatureFlag): Record<string, FeatureFlagDefinition | undefined> {
  return featureFlag.spec?.flagSpec?.flags ?? {};
}

/** The variant an order asks for: the named one, else the one whose value is true, else the one named on. */
export function variantToServe({ flag }: FoundFlag, order: FlagOrder): string {
  const names = Object.keys(flag.variants);
  if (order.variant !== undefined) {
    if (names.includes(order.variant)) return order.variant;
    throw fieldProblem("unprocessable", {
      field: "variant",
      value: order.variant,
      expected: `one of: ${names.join(", ")}`,
    });
  }
  const variant = names.find((name) => flag.variants[name] === true) ?? names.find((name) => name === "on");
  if (variant !== undefined) return variant;
  throw fieldProblem("unprocessable", {
    field: "variant",
    expected: `one of: ${names.join(", ")}, because none of them is true or named on`,
  });
}
