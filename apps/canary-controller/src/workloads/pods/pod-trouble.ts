// What keeps pods from being ready and what would help, for people: upstream's texts only count them.
import type { Pod } from "@burgee/kube";
import { redactText } from "@burgee/service-kit";
import { isRecord } from "../record.ts";
import type { PodWorkload } from "./pod-kind.ts";

/** Why the workload's controller cannot make pods, as a quota or a policy says it. */
export function creationTrouble({ status }: PodWorkload): string | undefined {
  const failure = status?.conditions?.find(({ type }) => type === "ReplicaFailure");
  if (failure?.status !== "True") return undefined;
  const advice = /exceeded quota/.test(failure.message ?? "")
    ? "raise the ResourceQuota, or ask for less"
    : "change what refuses them, or the pod template";
  return redactText(`pods cannot be created: ${failure.message ?? failure.reason}: ${advice}`);
}

/** The trouble of the first pod that has some; undefined when all that is left is to wait. */
export function podTrouble(pods: readonly Pod[]): string | undefined {
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    const trouble = scheduling(pod) ?? containers(pod);
    if (trouble !== undefined) return redactText(trouble);
  }
  return undefined;
}

function scheduling({ metadata, status }: Pod): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status !== "False") return undefined;
  return `pod ${metadata.name} cannot be scheduled (${scheduled.message ?? scheduled.reason}): add nodes, or ask for less`;
}

type ContainerStatus = NonNullable<NonNullable<Pod["status"]>["containerStatuses"]>[number];

function containers(pod: Pod): string | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const trouble = container(pod, status);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

function container(pod: Pod, status: ContainerStatus): string | undefined {
  const { name, ready, state } = status;
  const what = `container ${name} of pod ${pod.metadata.name}`;
  const kubectl = `kubectl -n ${pod.metadata.namespace}`;
  if (isRecord(state) && isRecord(state.waiting)) {
    const { reason, message } = state.waiting;
    const why = [reason, message].filter((text) => typeof text === "string" && text !== "").join(": ");
    const word = String(reason);
    if (/ImagePull|InvalidImageName|ErrImage|RegistryUnavailable/.test(word)) {
      return `the image ${status.image ?? ""} of ${what} cannot be pulled (${why}): correct the image, or imagePullSecrets`;
    }
    if (word === "CrashLoopBackOff") {
      return `${what} ends again and again (${status.restartCount} restarts): see ${kubectl} logs ${pod.metadata.name} -c ${name} --previous`;
    }
    return /Error$/.test(word) ? `${what} cannot be started (${why}): correct what it refers to` : undefined;
  }
  const isRunning = isRecord(state) && isRecord(state.running);
  if (ready || !isRunning) return undefined;
  const probed = pod.spec.containers.some((c) => c.name === name && isRecord(Reflect.get(c, "readinessProbe")));
  const why = probed ? "fails its readiness probe" : "runs and is not ready";
  return `${what} ${why}: see ${kubectl} describe pod ${pod.metadata.name}`;
}
