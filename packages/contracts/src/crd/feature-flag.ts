// core.openfeature.dev/v1beta1 FeatureFlag: a flag document as a Kubernetes object.
import Type, { type Static } from "typebox";
import type { KindDefinition } from "./define-crd.ts";
import { anyObject, type CustomObjectMeta, mapOf, oneOf } from "./field.ts";

const optional = Type.Optional;

/** Group and version of the OpenFeature operator's kinds. */
export const openFeatureGroup = { group: "core.openfeature.dev", version: "v1beta1" } as const;

const FlagSchema = Type.Object({
  state: oneOf(["ENABLED", "DISABLED"], "A disabled flag is answered with the caller's default."),
  variants: anyObject("Values by variant name."),
  // Upstream requires a text; flag documents may leave it out or set null, which means the caller's default.
  defaultVariant: optional(
    Type.Unsafe<string | null>({
      type: "string",
      nullable: true,
      description: "Variant without targeting, or when targeting decides nothing.",
    }),
  ),
  targeting: optional(anyObject("JsonLogic rule whose result is a variant name.")),
  metadata: optional(anyObject("Given back with every evaluation.")),
});
export type FeatureFlagDefinition = Static<typeof FlagSchema>;

const FlagSpecSchema = Type.Object(
  {
    flags: mapOf(FlagSchema, "Flags by key."),
    $evaluators: optional(anyObject("Rules that targeting refers to with $ref.")),
    metadata: optional(anyObject("Metadata of the whole set.")),
  },
  { description: "A flag document." },
);

/** `spec` of a FeatureFlag. */
export const FeatureFlagSpecSchema = Type.Object(
  { flagSpec: optional(FlagSpecSchema) },
  { description: "What the flags are." },
);
export type FeatureFlagSpec = Static<typeof FeatureFlagSpecSchema>;

/** A FeatureFlag as the API server returns it. */
export interface FeatureFlag {
  apiVersion?: "core.openfeature.dev/v1beta1";
  kind?: "FeatureFlag";
  metadata: CustomObjectMeta;
  spec?: FeatureFlagSpec;
}

/** core.openfeature.dev/v1beta1 FeatureFlag, as the API serves it. */
export const featureFlagKind: KindDefinition = {
  ...openFeatureGroup,
  kind: "FeatureFlag",
  plural: "featureflags",
  shortNames: ["ff"],
  categories: [],
  description: "Feature flags.",
  fields: { spec: FeatureFlagSpecSchema, status: Type.Object({}) },
  required: [],
};
