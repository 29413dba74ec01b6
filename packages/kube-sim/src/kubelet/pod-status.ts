import { type JsonObject, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { ContainerState, Role } from "./pod-container.ts";

/** A container as the pod's status shows it. */
export interface ContainerView {
  name: string;
  image: string;
  role: Role;
  started: boolean;
  ready: boolean;
  restarts: number;
  state: ContainerState;
  lastState: ContainerState | undefined;
}

/** What a pod's status is made from. */
export interface PodFacts {
  pod: KubeObject;
  containers: readonly ContainerView[];
  /** Init containers and sidecars, in order. */
  initContainers: readonly ContainerView[];
  podIP: string;
  startedAt: string;
  restartPolicy: string;
}

/** The status of a pod; conditions keep their transition time as long as their status stays. */
export function podStatus({ pod, containers, initContainers, podIP, startedAt, restartPolicy }: PodFacts): JsonObject {
  const sidecars = initContainers.filter(({ role }) => role === "sidecar");
  const serving = [...sidecars, ...containers];
  const ready = serving.every((container) => container.ready);
  const incomplete = initContainers.filter((container) => !isDone(container));
  const now = seconds(new Date().toISOString());
  const old = objectsAt(pod, "status", "conditions");
  const condition = (type: string, status: boolean, why: JsonObject = {}) => {
    const text = status ? "True" : "False";
    const known = old.find((entry) => entry.type === type);
    const lastTransitionTime = known?.status === text ? known.lastTransitionTime : now;
    return { type, status: text, lastProbeTime: null, lastTransitionTime, ...(!status && why) };
  };
  const list = (kind: string, views: readonly ContainerView[]) =>
    `containers with ${kind} status: [${views.map(({ name }) => name).join(" ")}]`;
  const notReady = serving.filter((container) => !container.ready);
  const unready = { reason: "ContainersNotReady", message: list("unready", notReady) };
  const uninitialized = { reason: "ContainersNotInitialized", message: list("incomplete", incomplete) };
  return {
    phase: incomplete.length > 0 ? initPhase(incomplete) : phaseOf(containers, restartPolicy),
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: seconds(startedAt),
    conditions: [
      condition("PodScheduled", true),
      condition("Initialized", incomplete.length === 0, uninitialized),
      condition("ContainersReady", ready, unready),
      condition("Ready", ready, unready),
    ],
    ...(initContainers.length > 0 && { initContainerStatuses: initContainers.map(containerStatus) }),
    containerStatuses: containers.map(containerStatus),
  };
}

function seconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

/** An init container that has succeeded, a sidecar that has started. */
function isDone({ role, started, state, restarts }: ContainerView): boolean {
  if (role === "sidecar") return started || restarts > 0;
  return "terminated" in state && state.terminated.exitCode === 0;
}

/** An init container that failed and does not start again has failed the pod. */
function initPhase(incomplete: readonly ContainerView[]): string {
  return incomplete.some(({ state, role }) => role === "init" && "terminated" in state) ? "Failed" : "Pending";
}

function phaseOf(containers: readonly ContainerView[], restartPolicy: string): string {
  const codes = containers.map(({ state }) => ("terminated" in state ? state.terminated.exitCode : undefined));
  if (restartPolicy !== "Always" && codes.every((code) => code !== undefined)) {
    return codes.every((code) => code === 0) ? "Succeeded" : "Failed";
  }
  const creating = containers.every(({ state, restarts }) => "waiting" in state && restarts === 0);
  return creating ? "Pending" : "Running";
}

function containerStatus({ name, image, started, ready, restarts, state, lastState, role }: ContainerView): JsonObject {
  return {
    name,
    image,
    imageID: `kube-sim://${image}`,
    containerID: `kube-sim://${name}-${restarts}`,
    // An init container is ready when it is done.
    ready: role === "init" ? "terminated" in state && state.terminated.exitCode === 0 : ready,
    started: "running" in state && started,
    restartCount: restarts,
    state,
    lastState: lastState ?? {},
  };
}
