// The kinds that spec.targetRef may name. A new kind is a new file and a line here.
import { coreService } from "./core-service.ts";
import { knativeService } from "./knative/knative-service.ts";
import { custom } from "./pods/custom.ts";
import { daemonSet } from "./pods/daemon-set.ts";
import { deployment } from "./pods/deployment.ts";
import { podTarget } from "./pods/pod-target.ts";
import { statefulSet } from "./pods/stateful-set.ts";
import type { TargetKind } from "./target.ts";

/** What users may write, for error texts. */
export const targetKindNames =
  "Deployment, DaemonSet, StatefulSet, Service or a custom workload with a scale subresource";
/** Reads whatever is left of a target whose kind nobody knows. */
export const fallbackKind: TargetKind = podTarget(deployment);

const kinds: readonly TargetKind[] = [
  fallbackKind,
  podTarget(daemonSet),
  podTarget(statefulSet),
  knativeService,
  coreService,
  podTarget(custom),
];

/** The kind of a reference, undefined when there is none. */
export function targetKindOf(ref: { apiVersion: string; kind: string }): TargetKind | undefined {
  return kinds.find((kind) => kind.matches(ref));
}
