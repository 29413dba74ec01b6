// What people do in a course, what the checks say, and how it ends.
import type { Canary } from "@burgee/contracts/crd";
import type { KubeObject } from "@burgee/kube";
import { waitFor } from "@burgee/service-kit/testing";
import { canaries } from "../../canary-resource.ts";
import { actionAnnotation } from "../../human-action.ts";
import type { Verdicts } from "../analyzer.ts";
import { knativeServices } from "../../workloads/knative/objects.ts";
import { isRecord } from "../../workloads/record.ts";
import { primaryName } from "../../workloads/selector-label.ts";
import { releaseOf, targetResources } from "../targets.ts";
import { type CourseCluster, canaryWhen, patienceMs } from "./cluster.ts";
import { objectsIn } from "./outcome.ts";
import { type AutoscalerName, autoscalerOf, autoscalers, canaryOf, mostReplicas, name, type Scene } from "./scene.ts";

/** What is told: a release that passes its checks, one that fails them, and so on. */
export type Plot = "good" | "bad" | "deleted" | "superseded" | "reverted" | "deleted in a run";

/** What the analyzer says. Where something happens in a run, the check before it is answered by nobody. */
export function verdictsOf(plot: Plot): Verdicts {
  return ({ check }) => {
    if (plot === "good" || plot === "deleted") return "pass";
    if (plot === "bad") return "fail";
    return plot === "superseded" && check?.run !== 1n ? "pass" : "silent";
  };
}

/** Plays it to its end. Rejects with what was seen instead. */
export async function play(
  cluster: CourseCluster,
  namespace: string,
  { plot, ...scene }: Scene & { plot: Plot },
): Promise<void> {
  const { sim, client } = cluster;
  const ref = { namespace, name };
  const { target = "Deployment" } = scene;
  const until = (what: string, when: (seen: Canary | undefined) => boolean) =>
    canaryWhen(cluster, { namespace, what, when });
  const release = (version: string, configs: string[]) =>
    client.patch(targetResources[target], ref, releaseOf(target, { name, version, configs }), { type: "json" });
  const released = () => release("v2", ["podinfo-config", "podinfo-more"]);
  const inARun = () => until("in a run", (seen) => seen?.status?.pendingCheck !== undefined);
  const ends = (phase: "Succeeded" | "Failed") =>
    until(phase, (seen) => seen?.status?.phase === phase && isQuiet(seen));

  async function deleted(): Promise<void> {
    await client.delete(canaries, ref);
    await until("gone", (seen) => seen === undefined);
    await waitFor(async () => ![...(await objectsIn(client, namespace)).values()].some(isOurs));
  }

  async function finished(phase: "Succeeded" | "Failed"): Promise<void> {
    await released();
    await until("under way", (seen) => !idle.includes(seen?.status?.phase ?? ""));
    const scaler = autoscalerOf(scene);
    // It waits for the promotion; before the release it might be taken over at rest or not.
    if (scaler !== undefined)
      await client.patch(autoscalers[scaler], ref, { spec: { [mostReplicas[scaler]]: 4 } }, { type: "merge" });
    if (scene.strategy === "gates") await openGates(cluster, namespace, phase);
    await ends(phase);
    if (scaler !== undefined && phase === "Succeeded")
      await waitFor(() => primaryIsAsWide(scaler), { timeoutMs: patienceMs });
  }

  /** Whoever missed the change, because nobody told of it, finds it at rest. */
  async function primaryIsAsWide(scaler: AutoscalerName): Promise<boolean> {
    const primary = await client.tryGet(autoscalers[scaler], { namespace, name: primaryName(name) });
    // A dry run makes none.
    if (primary === undefined) return true;
    return "spec" in primary && isRecord(primary.spec) && primary.spec[mostReplicas[scaler]] === 4;
  }

  // Knative takes a moment to make the first revision; whether a Canary is there by then is chance.
  if (target === "Knative Service")
    await waitFor(async () => (await client.get(knativeServices, ref)).status !== undefined);
  await sim.apply(canaryOf(namespace, scene));
  await until("Initialized", (seen) => seen?.status?.phase === "Initialized");
  switch (plot) {
    case "good":
      return finished("Succeeded");
    case "bad":
      return finished("Failed");
    case "deleted":
      return deleted();
    case "deleted in a run":
      await released();
      await inARun();
      return deleted();
    case "superseded":
      await released();
      await inARun();
      await release("v3", ["podinfo-config"]);
      return ends("Succeeded");
    case "reverted":
      await released();
      await inARun();
      await release("v1", ["podinfo-config"]);
      return ends("Failed");
  }
}

const idle = ["", "Initializing", "Initialized"];

function isQuiet({ status }: Canary): boolean {
  const left = [status?.announcements, status?.afterRun, status?.pendingHook, status?.pendingCheck];
  return left.every((value) => value === undefined);
}

const isOurs = ({ metadata: { ownerReferences } }: KubeObject) =>
  ownerReferences?.some(({ kind }) => kind === "Canary") === true;

/** What a Canary waits for, if it does. */
function awaited({ status }: Canary): string | undefined {
  return status?.phase === "Waiting" ? "confirm-rollout" : status?.waitingFor;
}

/** A person opens one gate after the other, each when the Canary says that it waits for it, until the run has ended. */
async function openGates(cluster: CourseCluster, namespace: string, end: string): Promise<void> {
  for (let last = ""; ; ) {
    let seen: Canary["status"];
    let id: string | undefined;
    const when = (canary: Canary | undefined) => {
      seen = canary?.status;
      id = canary && awaited(canary) && `${awaited(canary)} at ${seen?.canaryWeight}`;
      return seen?.phase === end || (id !== undefined && id !== last);
    };
    await canaryWhen(cluster, { namespace, what: `past ${last}`, when });
    if (id === undefined || seen === undefined) return;
    last = id;
    const { run = 0, targetRevision: revision } = seen;
    const action = { id, action: "approve", run, revision, actor: "jane", at: new Date(0).toISOString() };
    const annotations = { [actionAnnotation]: JSON.stringify(action) };
    await cluster.client.patch(canaries, { namespace, name }, { metadata: { annotations } }, { type: "merge" });
  }
}
