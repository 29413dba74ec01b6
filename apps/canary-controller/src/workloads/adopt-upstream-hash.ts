// Taking over from upstream's controller: its hashes cannot be computed here, so they are replaced without starting a rollout.
import type { CanaryStatus } from "@burgee/rollout-engine";
import type { WorkloadSettings, World } from "../world.ts";
import { isCopyOf } from "./deployment.ts";
import { isUpstreamHash } from "./template-hash.ts";

const idle = ["Initialized", "Succeeded", "Failed"];

/**
 * The status with our hashes where upstream's were. A run under way goes on with the target as it is. At rest, a target that the primary is
 * a copy of is the promoted revision; any other is left as changed, so that it is analysed.
 */
export function adoptUpstreamHashes(status: CanaryStatus, world: World, settings: WorkloadSettings): CanaryStatus {
  if (!isUpstreamHash(status.lastAppliedSpec) || world.target === undefined) return status;
  const { revision, deployment, configs, label } = world.target;
  if (!idle.includes(status.phase)) return { ...status, lastAppliedSpec: revision, targetRevision: revision };
  if (world.primary === undefined) return status;
  const isPromoted = isCopyOf(world.primary, deployment, {
    canary: world.canary,
    label,
    selectorLabels: settings.selectorLabels,
    labelPrefixes: settings.labelPrefixes,
    trackedConfigs: configs?.checksums ?? {},
    revision,
    release: "",
  });
  if (!isPromoted) return status;
  return {
    ...status,
    lastAppliedSpec: revision,
    lastPromotedSpec: revision,
    targetRevision: revision,
    ...(configs === undefined ? {} : { promotedConfigs: configs.checksums }),
  };
}
