import type { Rendered } from "./helm.ts";

/** What the tests read of a container. */
export interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken: boolean;
  readonly containers: readonly Container[];
  readonly volumes?: readonly unknown[];
}

/** The pod of a Deployment; nothing of other objects. */
export function podSpecOf(object: Rendered): PodSpec[] {
  const { spec } = object;
  if (object.kind !== "Deployment" || !has(spec, "template") || !has(spec.template, "spec")) return [];
  const pod = spec.template.spec;
  return isPodSpec(pod) ? [pod] : [];
}

/** The pods that `helm test` runs. */
export function testPods(objects: readonly Rendered[]): PodSpec[] {
  return objects.flatMap(({ kind, spec }) => (kind === "Pod" && isPodSpec(spec) ? [spec] : []));
}

function isPodSpec(value: unknown): value is PodSpec {
  return has(value, "containers") && Array.isArray(value.containers);
}

function has<K extends string>(value: unknown, key: K): value is Record<K, unknown> {
  return typeof value === "object" && value !== null && key in value;
}
