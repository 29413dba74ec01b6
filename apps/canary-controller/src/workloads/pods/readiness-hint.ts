// Looks at the pods of a workload that does not become ready.
import { isKubeError, resources } from "@burgee/kube";
import type { Readiness } from "@burgee/rollout-engine";
import type { TargetContext } from "../target.ts";
import type { PodWorkload } from "./pod-kind.ts";
import { creationTrouble, podTrouble } from "./pod-trouble.ts";

/** Pods of one workload that are looked at. */
const podLimit = 50;

/**
 * The same readiness, with what keeps the pods. They are looked at only once the Canary has been held by this for a while: most pods just
 * take their time. Without the right to list pods there is no hint.
 */
export async function withHint(
  readiness: Readiness,
  workload: PodWorkload,
  context: TargetContext,
): Promise<Readiness> {
  if (readiness.ready || !isHeldBy(readiness.message, context)) return readiness;
  const hint = creationTrouble(workload) ?? (await troubleOfPods(workload, context));
  return hint === undefined ? readiness : { ...readiness, hint };
}

function isHeldBy(message: string, { canary, settings, now }: TargetContext): boolean {
  const hold = canary.status?.hold;
  if (hold === undefined || !hold.message.endsWith(message)) return false;
  return now - Date.parse(hold.since) >= settings.podPatienceMs;
}

async function troubleOfPods({ metadata, spec }: PodWorkload, { client }: TargetContext): Promise<string | undefined> {
  const labels = Object.entries(spec.selector.matchLabels ?? {});
  const labelSelector = labels.map(([key, value]) => `${key}=${value}`).join(",");
  if (labelSelector === "") return undefined;
  const { namespace } = metadata;
  try {
    const { items } = await client.list(resources.pods, { namespace, labelSelector, limit: podLimit });
    return podTrouble(items);
  } catch (error) {
    if (isKubeError(error)) return undefined;
    throw error;
  }
}
