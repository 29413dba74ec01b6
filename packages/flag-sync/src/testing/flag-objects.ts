// FeatureFlags and FlagOverrides for tests against an API.
import { customResources, defineCrd } from "@burgee/contracts/crd";

/** The CustomResourceDefinitions of both kinds. */
export const flagCrds = customResources
  .filter(({ kind }) => kind === "FeatureFlag" || kind === "FlagOverride")
  .map((definition) => defineCrd(definition));

export interface FeatureFlagWish {
  /** Whether the default variant is `on`. */
  readonly on?: boolean;
  readonly state?: string;
  /** Text that makes the document larger. */
  readonly padding?: string;
}

/** A FeatureFlag with the boolean flag `banner` (variants on and off). */
export function featureFlag(name: string, o: FeatureFlagWish = {}): object {
  const banner = {
    state: o.state ?? "ENABLED",
    variants: { on: true, off: false },
    defaultVariant: o.on === true ? "on" : "off",
    ...(o.padding === undefined ? {} : { metadata: { padding: o.padding } }),
  };
  return {
    apiVersion: "core.openfeature.dev/v1beta1",
    kind: "FeatureFlag",
    metadata: { name, namespace: "default" },
    spec: { flagSpec: { flags: { banner } } },
  };
}

/** An override that turns `banner` of a FeatureFlag on. */
export function bannerOverride(
  flag: string,
  o: { readonly target?: string; readonly variant?: string; readonly expiresAt?: string } = {},
): object {
  return {
    apiVersion: "burgee.dev/v1alpha1",
    kind: "FlagOverride",
    metadata: { name: `web-${flag}`, namespace: "default" },
    spec: {
      flagRef: { name: flag, key: "banner" },
      owner: { kind: "Canary", name: "web", namespace: "default", uid: "u1", run: 1 },
      rule: { variant: o.variant ?? "on", target: o.target ?? "canary" },
      ...(o.expiresAt === undefined ? {} : { expiresAt: o.expiresAt }),
    },
  };
}
