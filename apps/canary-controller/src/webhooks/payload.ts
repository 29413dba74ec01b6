// What a hook receives.
import type { Canary } from "@burgee/contracts/crd";
import type { CanaryStatus, HookSpec, Phase } from "@burgee/rollout-engine";
import { canonicalJson } from "../workloads/canonical-json.ts";
import type { HookVariables } from "./expand.ts";

/** One call of one hook. */
export interface HookCall {
  canary: Canary;
  status: CanaryStatus;
  hook: HookSpec;
  phase: Phase;
  /** Image of the target's first container. */
  image: string;
  /** Images by container. */
  images: Readonly<Record<string, string>>;
}

/** The JSON body: upstream's five fields, then ours, which upstream's receivers ignore. */
export function hookPayload(call: HookCall, metadata: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { canary, status, hook, phase, images } = call;
  return {
    name: canary.metadata.name,
    namespace: canary.metadata.namespace,
    phase,
    checksum: statusChecksum(status),
    ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    type: hook.type,
    webhook: hook.name,
    run: status.run ?? 0,
    revision: status.targetRevision ?? status.lastAppliedSpec ?? "",
    canaryWeight: status.canaryWeight,
    iterations: status.iterations,
    failedChecks: status.failedChecks,
    images,
  };
}

/** What metadata may name. */
export function hookVariables({ canary, status, phase, image, images }: HookCall): HookVariables {
  return {
    canaryWeight: String(status.canaryWeight),
    iteration: String(status.iterations),
    phase,
    image,
    target: canary.spec.targetRef.name,
    name: canary.metadata.name,
    namespace: canary.metadata.namespace,
    revision: status.targetRevision ?? status.lastAppliedSpec ?? "",
    ...Object.fromEntries(Object.entries(images).map(([container, name]) => [`image.${container}`, name])),
  };
}

/** Changes with the revision and with its configs, 1–10 characters of upstream's alphabet. */
export function statusChecksum({ trackedConfigs, lastAppliedSpec }: CanaryStatus): string {
  const alphabet = "456789bcdf";
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(canonicalJson({ trackedConfigs, lastAppliedSpec }))) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return [...String(hash)].map((digit) => alphabet[Number(digit)]).join("");
}
