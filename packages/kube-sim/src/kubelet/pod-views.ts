import { objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { annotations } from "./annotations.ts";
import type { ContainerState } from "./pod-container.ts";
import type { PodContainers } from "./pod-containers.ts";
import type { ContainerView } from "./pod-status.ts";

/** What is known of a pod's containers. */
export interface Known {
  readonly pod: KubeObject;
  /** Undefined while they are not made, for good when the pod's annotations cannot be read. */
  readonly containers: PodContainers | undefined;
  /** Why they cannot be made. */
  readonly fault: string | undefined;
}

/** The containers as the status shows them: the init containers and sidecars, or the others. */
export function containerViews({ pod, containers, fault }: Known, init: boolean): ContainerView[] {
  const never = pod.metadata.annotations?.[annotations.neverReady] === "true";
  const unmade = objectsAt(pod, "spec", "containers").map(
    (spec) => ({ spec, role: "main", container: undefined }) as const,
  );
  return (containers?.list(init) ?? (init ? [] : unmade)).map(({ spec, role, container }) => ({
    name: String(spec.name),
    image: String(spec.image),
    role,
    started: container?.started ?? false,
    ready: !never && (container?.ready ?? false),
    restarts: container?.restarts ?? 0,
    state: container?.state ?? waiting(fault),
    lastState: container?.lastState,
  }));
}

function waiting(fault: string | undefined): ContainerState {
  if (fault === undefined) return { waiting: { reason: "ContainerCreating" } };
  return { waiting: { reason: "CreateContainerConfigError", message: fault } };
}
