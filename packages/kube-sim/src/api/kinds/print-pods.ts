import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { Column } from "../resource.ts";
import { ageColumn, ageOf, field, nameColumn, text, wide } from "./columns.ts";

/** What `kubectl get` sums a pod up to. */
interface Summary {
  ready: string;
  state: string;
  restarts: string;
}

interface Tally {
  ready: number;
  restarts: number;
  lastRestart: string;
}

/** Init containers first, sidecars counting with the others; then the first thing that is wrong with a container. */
function summaryOf(pod: KubeObject, now: number): Summary {
  const tally: Tally = { ready: 0, restarts: 0, lastRestart: "" };
  const sidecars = objectsAt(pod, "spec", "initContainers").filter((spec) => spec.restartPolicy === "Always");
  const names = new Set(sidecars.map(({ name }) => name));
  const initializing = initState(pod, names, tally);
  let state = stringAt(pod, "status", "reason") ?? stringAt(pod, "status", "phase") ?? "Unknown";
  if (initializing !== undefined && !isTrue(pod, "Initialized")) state = initializing;
  else state = runningState(pod, names, tally) ?? state;
  const ended = ["Succeeded", "Failed"].includes(stringAt(pod, "status", "phase") ?? "");
  if (pod.metadata.deletionTimestamp && !ended) state = "Terminating";
  const ago = tally.lastRestart && tally.restarts > 0 ? ` (${ageOf(tally.lastRestart, now)} ago)` : "";
  const total = objectsAt(pod, "spec", "containers").length + sidecars.length;
  return { ready: `${tally.ready}/${total}`, state, restarts: `${tally.restarts}${ago}` };
}

/** Why the pod is not initialized; undefined when it is. */
function initState(pod: KubeObject, sidecars: ReadonlySet<unknown>, tally: Tally): string | undefined {
  const statuses = objectsAt(pod, "status", "initContainerStatuses");
  const total = objectsAt(pod, "spec", "initContainers").length;
  for (const [index, status] of statuses.entries()) {
    countRestarts(status, tally);
    if (numberAt(status, "state", "terminated", "exitCode") === 0) continue;
    if (sidecars.has(status.name) && status.started === true) {
      if (status.ready === true) tally.ready++;
      continue;
    }
    const ended = endOf(status);
    if (ended !== undefined) return `Init:${ended}`;
    const waiting = stringAt(status, "state", "waiting", "reason") ?? "";
    return waiting && waiting !== "PodInitializing" ? `Init:${waiting}` : `Init:${index}/${total}`;
  }
  return undefined;
}

/** What a container waits for or ended with; undefined when all run. Restarts of init containers no longer count. */
function runningState(pod: KubeObject, sidecars: ReadonlySet<unknown>, tally: Tally): string | undefined {
  tally.restarts = 0;
  tally.lastRestart = "";
  for (const status of objectsAt(pod, "status", "initContainerStatuses"))
    if (sidecars.has(status.name)) countRestarts(status, tally);
  let state: string | undefined;
  let anyRuns = false;
  for (const status of objectsAt(pod, "status", "containerStatuses").toReversed()) {
    countRestarts(status, tally);
    const reason = stringAt(status, "state", "waiting", "reason") ?? endOf(status);
    if (reason) state = reason;
    else if (status.ready === true) {
      anyRuns = true;
      tally.ready++;
    }
  }
  if (state !== "Completed" || !anyRuns) return state;
  return isTrue(pod, "Ready") ? "Running" : "NotReady";
}

function countRestarts(status: JsonObject, tally: Tally): void {
  tally.restarts += numberAt(status, "restartCount") ?? 0;
  const finishedAt = stringAt(status, "lastState", "terminated", "finishedAt") ?? "";
  if (finishedAt > tally.lastRestart) tally.lastRestart = finishedAt;
}

function endOf(status: JsonObject): string | undefined {
  const terminated = objectAt(status, "state").terminated;
  if (terminated === undefined) return undefined;
  const signal = numberAt(terminated, "signal") ?? 0;
  return (
    stringAt(terminated, "reason") ||
    (signal === 0 ? `ExitCode:${numberAt(terminated, "exitCode") ?? 0}` : `Signal:${signal}`)
  );
}

function isTrue(pod: KubeObject, type: string): boolean {
  return objectsAt(pod, "status", "conditions").some((entry) => entry.type === type && entry.status === "True");
}

const summary = (name: string, part: keyof Summary): Column => ({
  name,
  type: "string",
  priority: 0,
  value: (pod, now) => summaryOf(pod, now)[part],
});

/** The columns of pods. */
export const podColumns: readonly Column[] = [
  nameColumn,
  summary("Ready", "ready"),
  summary("Status", "state"),
  summary("Restarts", "restarts"),
  ageColumn,
  wide("IP", field("status", "podIP")),
  wide("Node", field("spec", "nodeName")),
  wide("Nominated Node", field("status", "nominatedNodeName")),
  wide("Readiness Gates", () => "<none>"),
];

/** The columns of nodes. */
export const nodeColumns: readonly Column[] = [
  nameColumn,
  text("Status", (node) => {
    const ready = isTrue(node, "Ready") ? "Ready" : "NotReady";
    return objectAt(node, "spec").unschedulable === true ? `${ready},SchedulingDisabled` : ready;
  }),
  text("Roles", () => "<none>"),
  ageColumn,
  text("Version", field("status", "nodeInfo", "kubeletVersion")),
  wide("Internal-IP", addressOf("InternalIP")),
  wide("External-IP", addressOf("ExternalIP")),
];

function addressOf(type: string): (node: KubeObject) => string {
  return (node) =>
    stringAt(
      objectsAt(node, "status", "addresses").find((entry) => entry.type === type),
      "address",
    ) ?? "<none>";
}

/** The columns of controller revisions. */
export const revisionColumns: readonly Column[] = [
  nameColumn,
  text("Controller", ({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (!owner) return "<none>";
    const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : "";
    return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
  }),
  text("Revision", (revision) => numberAt(revision, "revision") ?? 0),
  ageColumn,
];
