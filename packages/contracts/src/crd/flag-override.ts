// burgee.dev/v1alpha1 FlagOverride: a rule that a release lays over a user's flag while it lasts. The FeatureFlag itself is never edited.
import Type, { type Static } from "typebox";
import type { KindDefinition } from "./define-crd.ts";
import { type CustomObjectMeta, moment, oneOf } from "./field.ts";

const optional = Type.Optional;

/** Who is served the override's variant. */
export const overrideTargets = ["canary", "all", "fractional"] as const;

/** The kinds of releases that lay rules over flags. */
export const overrideOwners = ["Canary", "FlagRollout"] as const;

/** `spec` of a FlagOverride. */
export const FlagOverrideSpecSchema = Type.Object(
  {
    flagRef: Type.Object(
      {
        name: Type.String({ minLength: 1, description: "FeatureFlag in the same namespace." }),
        key: Type.String({ minLength: 1, description: "Key of the flag in it." }),
      },
      { description: "The flag that is overridden." },
    ),
    owner: Type.Object(
      {
        kind: oneOf(overrideOwners, "Kind of the owner."),
        name: Type.String({ minLength: 1, description: "Name of the owner." }),
        namespace: Type.String({ minLength: 1, description: "Namespace of the owner." }),
        uid: Type.String({ description: "UID of the owner." }),
        run: Type.Integer({ minimum: 0, description: "Run of the owner that wrote this." }),
      },
      { description: "The release that asked for it." },
    ),
    rule: Type.Object(
      {
        variant: Type.String({ minLength: 1, description: "Variant that is served." }),
        target: oneOf(
          overrideTargets,
          "canary: where the context's releaseRole is canary; all: everywhere; fractional: for weight percent of the targeting keys.",
        ),
        weight: optional(
          Type.Integer({
            minimum: 0,
            maximum: 100,
            description:
              "With target fractional: percent of the targeting keys; who is in at a weight is in at every larger one.",
          }),
        ),
        revision: optional(
          Type.String({ description: "With target canary: only where the context's releaseRevision is this." }),
        ),
      },
      { description: "Who gets what. A flag whose state is DISABLED stays disabled." },
    ),
    expiresAt: optional(moment("From this moment on the override is ignored.")),
  },
  { description: "A rule laid over a flag." },
);
export type FlagOverrideSpec = Static<typeof FlagOverrideSpecSchema>;

/** A FlagOverride as the API server returns it. */
export interface FlagOverride {
  apiVersion?: "burgee.dev/v1alpha1";
  kind?: "FlagOverride";
  metadata: CustomObjectMeta;
  spec: FlagOverrideSpec;
}

/** burgee.dev/v1alpha1 FlagOverride, as the API serves it. */
export const flagOverrideKind: KindDefinition = {
  group: "burgee.dev",
  version: "v1alpha1",
  kind: "FlagOverride",
  plural: "flagoverrides",
  shortNames: ["fo"],
  description: "A rule that a release lays over a feature flag.",
  fields: { spec: FlagOverrideSpecSchema, status: Type.Object({}) },
  columns: [
    { name: "Flag", jsonPath: ".spec.flagRef.key" },
    { name: "Variant", jsonPath: ".spec.rule.variant" },
    { name: "Target", jsonPath: ".spec.rule.target" },
    { name: "Weight", jsonPath: ".spec.rule.weight", type: "integer" },
    { name: "Owner", jsonPath: ".spec.owner.name" },
    { name: "Expires", jsonPath: ".spec.expiresAt", type: "date" },
  ],
};
