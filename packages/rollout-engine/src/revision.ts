import type { TargetSeen } from "./observation.ts";
import type { CanaryStatus } from "./status.ts";

type Configs = Readonly<Record<string, string>> | undefined;
type PresentTarget = Extract<TargetSeen, { state: "present" }>;

/**
 * Names a template together with the configs it was seen with. Written on the primary at every copy, so that the engine
 * knows what the primary runs. Short enough for a label value.
 */
export function releaseOf(revision: string, configs: Configs): string {
  const entries = Object.entries(configs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? revision : `${revision}-${fnv1a(entries.flat().join("\n"))}`;
}

/** Upstream's rule for tracked configs: a different number of them or any different checksum is a change. */
export function configsChanged(known: Configs, now: Configs): boolean {
  const names = Object.keys(now ?? {});
  return names.length !== Object.keys(known ?? {}).length || names.some((name) => now?.[name] !== known?.[name]);
}

/** The target is again exactly what was promoted last, and that promotion worked. */
export function isPromoted(status: CanaryStatus, target: PresentTarget): boolean {
  if (status.promotionFailed === true || target.revision !== status.lastPromotedSpec) return false;
  return !configsChanged(status.promotedConfigs ?? status.trackedConfigs, target.configs);
}

/** The target has something that no run has taken up yet. */
export function hasNewRevision(status: CanaryStatus, target: PresentTarget): boolean {
  if (isPromoted(status, target)) return false;
  if (target.revision === status.lastPromotedSpec && status.promotionFailed !== true) {
    return configsChanged(status.trackedConfigs, target.configs);
  }
  return target.revision !== status.lastAppliedSpec || configsChanged(status.trackedConfigs, target.configs);
}

/** The target no longer is what this run analyses. */
export function leftTheRun(status: CanaryStatus, target: PresentTarget): boolean {
  return target.revision !== status.targetRevision || configsChanged(status.trackedConfigs, target.configs);
}

/** FNV-1a, 32 bits, in hexadecimal: a name, not a protection. */
export function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
