import type { FeatureFlag } from "@burgee/contracts/crd";
import { isKubeError, type JsonPatch, type KubeClient } from "@burgee/kube";
import Type, { type Static } from "typebox";
import { ApiProblem, fieldProblem } from "../api-problem.ts";
import { kinds } from "../kinds.ts";
import { oneOf } from "../one-of.ts";

/** A person's edit of a flag. */
export const FlagEditSchema = Type.Object(
  {
    state: Type.Optional(oneOf(["ENABLED", "DISABLED"])),
    defaultVariant: Type.Optional(Type.String({ minLength: 1 })),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type FlagEdit = Static<typeof FlagEditSchema>;

export interface FlagAddress {
  namespace: string;
  featureFlag: string;
  key: string;
}

const attempts = 5;

/** Changes the user's own FeatureFlag, guarded by the version that was looked at. Nothing is written when nothing changes. */
export async function editFlag(client: KubeClient, address: FlagAddress, edit: FlagEdit): Promise<FeatureFlag> {
  const ref = { namespace: address.namespace, name: address.featureFlag };
  for (let attempt = 1; ; attempt++) {
    const featureFlag = await client.get(kinds.featureFlags, ref);
    const patch = patchFor(featureFlag, address, edit);
    if (patch.length === 0) return featureFlag;
    try {
      const { resourceVersion } = featureFlag.metadata;
      return await client.patch(kinds.featureFlags, ref, patch, { type: "json", resourceVersion });
    } catch (err) {
      if (!isKubeError(err, "conflict") || attempt >= attempts) throw err;
    }
  }
}

function patchFor(featureFlag: FeatureFlag, { key }: FlagAddress, edit: FlagEdit): JsonPatch {
  const flags = featureFlag.spec?.flagSpec?.flags ?? {};
  const flag = flags[key];
  if (flag === undefined) {
    const keys = Object.keys(flags).join(", ") || "none";
    throw new ApiProblem("not_found", `FeatureFlag ${featureFlag.metadata.name} has no flag ${key}, only: ${keys}`);
  }
  const { state, defaultVariant } = edit;
  if (defaultVariant !== undefined && !Object.hasOwn(flag.variants, defaultVariant)) {
    const expected = `one of: ${Object.keys(flag.variants).join(", ")}`;
    throw fieldProblem("unprocessable", { field: "body.defaultVariant", value: defaultVariant, expected });
  }
  const base = `/spec/flagSpec/flags/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  return [
    ...(state === undefined || state === flag.state
      ? []
      : [{ op: "add" as const, path: `${base}/state`, value: state }]),
    ...(defaultVariant === undefined || defaultVariant === flag.defaultVariant
      ? []
      : [{ op: "add" as const, path: `${base}/defaultVariant`, value: defaultVariant }]),
  ];
}
