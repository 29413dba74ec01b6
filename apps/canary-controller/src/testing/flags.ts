// Flags that tests release, and those of other people.
import { namespace } from "./rollout-lab.ts";

/** The flags of a release: what `shopFlags` has is switched on. */
export const checkoutOn = [{ name: "checkout", variant: "on" }];

/** A FeatureFlag with the one flag `checkout`, which is off unless the changes say otherwise. */
export function shopFlags(changes: object = {}): object {
  const checkout = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off", ...changes };
  return {
    apiVersion: "core.openfeature.dev/v1beta1",
    kind: "FeatureFlag",
    metadata: { name: "shop-flags", namespace },
    spec: { flagSpec: { flags: { checkout } } },
  };
}

/** A FlagRollout of somebody else who shows `checkout` to half of the users. */
export function rivalOverride(): object {
  const owner = { kind: "FlagRollout", name: "rival", namespace, uid: "rival", run: 1 };
  return {
    apiVersion: "burgee.dev/v1alpha1",
    kind: "FlagOverride",
    metadata: { name: "rival", namespace },
    spec: {
      flagRef: { name: "shop-flags", key: "checkout" },
      owner,
      rule: { variant: "off", target: "fractional", weight: 50 },
    },
  };
}
