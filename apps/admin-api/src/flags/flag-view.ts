import type { FeatureFlag, FeatureFlagDefinition, FlagOverride } from "@burgee/contracts/crd";
import Type, { type Static } from "typebox";

const optional = Type.Optional;
const variantName = Type.Union([Type.String(), Type.Null()]);

const OverrideViewSchema = Type.Object({
  name: Type.String({ description: "Of the FlagOverride." }),
  owner: Type.Object({ kind: Type.String(), namespace: Type.String(), name: Type.String(), run: Type.Integer() }),
  variant: Type.String(),
  target: Type.String({ description: "canary or all" }),
  expiresAt: optional(Type.String()),
  active: Type.Boolean(),
  inactiveBecause: optional(Type.String()),
});

/** A flag with what is laid over it. */
export const FlagViewSchema = Type.Object({
  namespace: Type.String(),
  featureFlag: Type.String({ description: "Name of the FeatureFlag that holds it." }),
  key: Type.String(),
  state: Type.String({ description: "ENABLED or DISABLED" }),
  defaultVariant: variantName,
  variants: Type.Unsafe<Record<string, unknown>>({ type: "object" }),
  targeting: optional(Type.Unsafe<unknown>({})),
  metadata: optional(Type.Unsafe<object>({ type: "object", description: "Of the flag, over that of its set." })),
  overrides: Type.Array(OverrideViewSchema, { description: "Oldest first; a newer one wins." }),
  overridden: Type.Object(
    {
      canary: optional(Type.String({ description: "Variant that pods of a canary get." })),
      everybody: optional(Type.String({ description: "Variant that everybody gets." })),
    },
    { description: "What the overrides decide; what is absent is decided by the flag's own rules." },
  ),
});
export type FlagView = Static<typeof FlagViewSchema>;
type OverrideView = Static<typeof OverrideViewSchema>;

/** Every flag of a FeatureFlag with the overrides of its namespace laid over it. */
export function flagViews(featureFlag: FeatureFlag, overrides: readonly FlagOverride[], now: number): FlagView[] {
  const { namespace, name } = featureFlag.metadata;
  const { flags = {}, metadata } = featureFlag.spec?.flagSpec ?? {};
  return Object.entries(flags).map(([key, flag]) => {
    const laid = overrides
      .filter((o) => o.metadata.namespace === namespace && o.spec.flagRef.name === name && o.spec.flagRef.key === key)
      .toSorted(byAge)
      .map((override) => overrideView(override, flag, now));
    return {
      namespace,
      featureFlag: name,
      key,
      state: flag.state,
      defaultVariant: flag.defaultVariant ?? null,
      variants: flag.variants,
      ...(flag.targeting !== undefined && { targeting: flag.targeting }),
      ...((metadata ?? flag.metadata) !== undefined && { metadata: { ...metadata, ...flag.metadata } }),
      overrides: laid,
      overridden: decided(laid),
    };
  });
}

function byAge(a: FlagOverride, b: FlagOverride): number {
  const created = (o: FlagOverride) => o.metadata.creationTimestamp ?? "";
  return created(a).localeCompare(created(b)) || a.metadata.name.localeCompare(b.metadata.name);
}

function overrideView(override: FlagOverride, flag: FeatureFlagDefinition, now: number): OverrideView {
  const { owner, rule, expiresAt } = override.spec;
  const inactiveBecause = whyInactive(override, flag, now);
  return {
    name: override.metadata.name,
    owner: { kind: owner.kind, namespace: owner.namespace, name: owner.name, run: owner.run },
    variant: rule.variant,
    target: rule.target,
    ...(expiresAt !== undefined && { expiresAt }),
    active: inactiveBecause === undefined,
    ...(inactiveBecause !== undefined && { inactiveBecause }),
  };
}

/** The same reasons for which flag sources ignore an override. */
function whyInactive({ metadata, spec }: FlagOverride, flag: FeatureFlagDefinition, now: number): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return "it is being deleted";
  if (spec.expiresAt !== undefined && Date.parse(spec.expiresAt) <= now) return "it has expired";
  if (flag.state === "DISABLED") return "the flag is disabled";
  return Object.hasOwn(flag.variants, spec.rule.variant) ? undefined : `the flag has no variant ${spec.rule.variant}`;
}

function decided(overrides: readonly OverrideView[]): FlagView["overridden"] {
  let result: FlagView["overridden"] = {};
  for (const { active, target, variant } of overrides) {
    if (active) result = target === "all" ? { canary: variant, everybody: variant } : { ...result, canary: variant };
  }
  return result;
}
