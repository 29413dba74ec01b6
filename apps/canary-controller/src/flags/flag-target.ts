// The target of a FlagRollout: no pods; the variant is the revision, and the override for everybody is the primary.
import { createHash } from "node:crypto";
import type { Canary } from "@burgee/contracts/crd";
import type { TargetInView, TargetKind } from "../workloads/target.ts";
import { listOverrides, overrideOwner, putOverride } from "./owned-overrides.ts";

const part = "flags";
const ready = { ready: true } as const;
/** Before the first promotion: whatever the user's flag says. */
const nothingPromoted = "none";

/** Always ready, never scaled. */
export const flagTarget: TargetKind = {
  matches: () => false,
  check: () => [],
  async observe({ canary, client }): Promise<TargetInView> {
    const owner = overrideOwner(canary);
    const overrides = await listOverrides(client, owner, part);
    const wanted = wantedOf(canary);
    const revision = revisionOf(canary);
    const isPromoted = overrides.some(({ spec: { flagRef, rule } }) => {
      const { flagRef: ref, rule: said } = wanted;
      return (
        flagRef.name === ref.name && flagRef.key === ref.key && rule.variant === said.variant && rule.target === "all"
      );
    });
    return {
      target: { label: undefined, containers: [], revision, configs: undefined, readiness: ready, replicas: 0 },
      primary: { readiness: ready, replicas: 1, release: isPromoted ? revision : nothingPromoted },
      createPrimary: async () => undefined,
      promote: () => putOverride(client, overrides, { owner, part, wanted }),
      scaleUp: async () => undefined,
      scaleToZero: async () => undefined,
      giveBack: async () => undefined,
      isCopy: () => false,
    };
  },
  distrust: () => undefined,
};

function wantedOf(canary: Canary) {
  const { name = "", variant = "", featureFlag = "" } = canary.spec.analysis.flags?.[0] ?? {};
  return { flagRef: { name: featureFlag, key: name }, rule: { variant, target: "all" as const } };
}

/** Another flag or another variant is another revision; how it is judged is not. */
function revisionOf(canary: Canary): string {
  return createHash("sha256")
    .update(JSON.stringify(wantedOf(canary)))
    .digest("hex")
    .slice(0, 10);
}
