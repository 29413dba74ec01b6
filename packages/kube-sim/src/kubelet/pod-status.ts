import { type JsonObject, objectsAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { ContainerState } from "./container-runner.ts";

/** A container as the pod's status shows it. */
export interface ContainerView {
  name: string;
  image: string;
  ready: boolean;
  restarts: number;
  state: ContainerState;
  lastState: ContainerState | undefined;
}

/** What a pod's status is made from. */
export interface PodFacts {
  pod: KubeObject;
  containers: readonly ContainerView[];
  podIP: string;
  startedAt: string;
  restartPolicy: string;
}

/** The status of a pod; conditions keep their transition time as long as their status stays. */
export function podStatus({ pod, containers, podIP, startedAt, restartPolicy }: PodFacts): JsonObject {
  const ready = containers.every((container) => container.ready);
  const now = seconds(new Date().toISOString());
  const old = objectsAt(pod, "status", "conditions");
  const condition = (type: string, status: boolean) => {
    const text = status ? "True" : "False";
    const known = old.find((entry) => entry.type === type);
    const lastTransitionTime = known?.status === text ? known.lastTransitionTime : now;
    const why = status || type === "PodScheduled" ? {} : { reason: "ContainersNotReady", message: unready(containers) };
    return { type, status: text, lastProbeTime: null, lastTransitionTime, ...why };
  };
  return {
    phase: phaseOf(containers, restartPolicy),
    hostIP: "127.0.0.1",
    hostIPs: [{ ip: "127.0.0.1" }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: seconds(startedAt),
    conditions: [
      condition("PodScheduled", true),
      condition("Initialized", true),
      condition("ContainersReady", ready),
      condition("Ready", ready),
    ],
    containerStatuses: containers.map(containerStatus),
  };
}

function seconds(time: string): string {
  return `${time.slice(0, 19)}Z`;
}

function unready(containers: readonly ContainerView[]): string {
  const names = containers.filter((container) => !container.ready).map((container) => container.name);
  return `containers with unready status: [${names.join(" ")}]`;
}

function phaseOf(containers: readonly ContainerView[], restartPolicy: string): string {
  const codes = containers.map(({ state }) => ("terminated" in state ? state.terminated.exitCode : undefined));
  if (restartPolicy !== "Always" && codes.every((code) => code !== undefined)) {
    return codes.every((code) => code === 0) ? "Succeeded" : "Failed";
  }
  const creating = containers.every(({ state, restarts }) => "waiting" in state && restarts === 0);
  return creating ? "Pending" : "Running";
}

function containerStatus({ name, image, ready, restarts, state, lastState }: ContainerView): JsonObject {
  return {
    name,
    image,
    imageID: `kube-sim://${image}`,
    containerID: `kube-sim://${name}-${restarts}`,
    ready,
    started: "running" in state,
    restartCount: restarts,
    state,
    lastState: lastState ?? {},
  };
}
