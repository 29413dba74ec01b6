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

/** Upstream's sentence for a canary that is not ready; the spelling of the DaemonSet one is upstream's. */
export function canaryNotReadyText(spec: RolloutSpec, detail: { message: string; retriable: boolean }): string {
  return spec.target.kind === "DaemonSet"
    ? `canary damonset ${targetText(spec)} not ready with retryable ${detail.retriable}: ${detail.message}`
    : `canary ${spec.target.kind.toLowerCase()} ${targetText(spec)} not ready: ${detail.message}`;
}

/** Upstream's sentence for a primary that is not ready. */
export function primaryNotReadyText(spec: RolloutSpec, detail: string): string {
  const kind = spec.target.kind === "DaemonSet" ? "primary daemonset " : "";
  return `${kind}${primaryText(spec)} not ready: ${detail}`;
}
