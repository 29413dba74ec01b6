import type { RolloutSpec } from "./rollout-spec.ts";

/** `name.namespace` of the Canary, as upstream's events write it. */
export function canaryText(spec: RolloutSpec): string {
  return `${spec.name}.${spec.namespace}`;
}

/** `name.namespace` of the target. */
export function targetText(spec: RolloutSpec): string {
  return `${spec.target.name}.${spec.namespace}`;
}

/** `name-primary.namespace`. */
export function primaryText(spec: RolloutSpec): string {
  return `${spec.target.name}-primary.${spec.namespace}`;
}

/** What begins with a new revision. A variant of a flag has no pods that could be scaled. */
export function startText(spec: RolloutSpec): string {
  return `New revision detected! ${isVariant(spec) ? "Ramping" : "Scaling"} up ${targetText(spec)}`;
}

/** How a run ends that failed. */
export function failedText(spec: RolloutSpec): string {
  return `Canary failed! ${isVariant(spec) ? "Withdrawn is" : "Scaling down"} ${canaryText(spec)}`;
}

/** The last words of a promotion. */
export function completedText(spec: RolloutSpec): string {
  const target = targetText(spec);
  return `Promotion completed! ${isVariant(spec) ? target : `Scaling down ${target}`}`;
}

/** How what was analysed gets to everybody. */
export function promotionText(spec: RolloutSpec): string {
  return isVariant(spec)
    ? `Promoting ${targetText(spec)} to everybody`
    : `Copying ${targetText(spec)} template spec to ${primaryText(spec)}`;
}

function isVariant({ target }: RolloutSpec): boolean {
  return target.kind === "FlagRollout";
}

/** Upstream's sentence for a canary that is not ready; the spelling of the DaemonSet one is upstream's. Knative speaks for itself. */
export function canaryNotReadyText(spec: RolloutSpec, detail: { message: string; retriable: boolean }): string {
  if (spec.target.kind === "Service") return detail.message;
  return spec.target.kind === "DaemonSet"
    ? `canary damonset ${targetText(spec)} not ready with retryable ${detail.retriable}: ${detail.message}`
    : `canary ${spec.target.kind.toLowerCase()} ${targetText(spec)} not ready: ${detail.message}`;
}

/** Upstream's sentence for a primary that is not ready. */
export function primaryNotReadyText(spec: RolloutSpec, detail: string): string {
  if (spec.target.kind === "Service") return detail;
  const kind = spec.target.kind === "DaemonSet" ? "primary daemonset " : "";
  return `${kind}${primaryText(spec)} not ready: ${detail}`;
}
