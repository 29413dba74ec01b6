// Taking over from upstream's controller: its hashes cannot be computed here, so they are replaced without starting a rollout.
import type { CanaryStatus } from "@burgee/rollout-engine";
import type { World } from "../world.ts";
import type { TargetInView } from "./target.ts";
import { isUpstreamHash } from "./template-hash.ts";

const idle = ["Initialized", "Succeeded", "Failed"];

/**
 * The status with our hashes where upstream's were. A run under way goes on with the target as it is. At rest, a target that the primary is
 * a copy of is the promoted revision; any other is left as changed, so that it is analysed.
 */
export function adoptUpstreamHashes(
  status: CanaryStatus,
  world: Pick<World, "target"> & { workload: Pick<TargetInView, "isCopy"> },
): CanaryStatus {
  if (!isUpstreamHash(status.lastAppliedSpec) || world.target === undefined) return status;
  const { revision, configs } = world.target;
  if (!idle.includes(status.phase)) return { ...status, lastAppliedSpec: revision, targetRevision: revision };
  if (!world.workload.isCopy()) return status;
  return {
    ...status,
    lastAppliedSpec: revision,
    lastPromotedSpec: revision,
    targetRevision: revision,
    ...(configs === undefined ? {} : { promotedConfigs: configs.checksums }),
  };
}
