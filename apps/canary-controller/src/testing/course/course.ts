// One whole rollout from a Canary's creation to its end, in a namespace of its own of a shared cluster.
import type { Canary } from "@burgee/contracts/crd";
import { type Resource, resources } from "@burgee/kube";
import type { KubeSim, RequestMatch } from "@burgee/kube-sim";
import { waitFor } from "@burgee/service-kit/testing";
import { canaries } from "../../canary-resource.ts";
import { type CourseCluster, canaryWhen } from "./cluster.ts";
import { canary, name, release, targets } from "./manifests.ts";
import { createMortalLife } from "./mortal-life.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { type Disturbance, setStage, type Stage } from "./stage.ts";

/** A release that passes its checks, one that fails them, and a Canary that is deleted. */
export type Plot = "good" | "bad" | "deleted";

/** What is to happen to the controller of a course. */
export interface CourseOptions extends Disturbance {
  plot: Plot;
  /** The first controller ends right after so many deeds; the next one lives on. */
  crashAfter?: number;
}

/** What happened. */
export interface Course {
  outcome: Outcome;
  /** Of the first controller. */
  deeds: readonly string[];
  /** The last deed of the one that crashed; undefined when it did not come to that. */
  crashedAfter: string | undefined;
  /** Every call of the API that was made. */
  calls: readonly ApiCall[];
}

/** Which calls they were, with the number of times that each was made. */
export interface ApiCall {
  match: Required<Pick<RequestMatch, "verb" | "resource" | "name" | "subresource">>;
  times: number;
}

/** Runs it to its end. Rejects with what was seen last when there is none within the time. */
export async function runCourse(cluster: CourseCluster, o: CourseOptions): Promise<Course> {
  const stage = await setStage(cluster, { ...o, verdict: o.plot === "bad" ? "fail" : "pass" });
  const first = createMortalLife({ endsAfter: o.crashAfter });
  const running = [await stage.start(first)];
  const succession = first.over.then(async () => {
    running.pop()?.abandon();
    await stage.expireLease();
    running.push(await stage.start(createMortalLife()));
  });
  try {
    const successorFails = succession.then(() => new Promise<never>(() => undefined));
    await Promise.race([successorFails, play(cluster, stage, o)]);
    const { namespace, bus, hooks, userAgent } = stage;
    const outcome = await outcomeOf({ client: cluster.client, bus, namespace, hookCalls: hooks.calls });
    const crashedAfter = o.crashAfter === undefined ? undefined : first.deeds[o.crashAfter - 1];
    return { outcome, deeds: first.deeds, crashedAfter, calls: callsOf(cluster.sim, userAgent) };
  } catch (error) {
    const said = running.flatMap(({ log }) => log.events.slice(-5)).map(({ msg, reason }) => `${msg} ${reason ?? ""}`);
    throw new Error(`${String(error)}; the controller said: ${said.join(" | ")}`, { cause: error });
  } finally {
    for (const controller of running) await controller.stop();
    await stage.close();
  }
}

/** What people do in the course, and its end. */
async function play(
  cluster: CourseCluster,
  { namespace }: Stage,
  { plot, target = "Deployment" }: Pick<CourseOptions, "plot" | "target">,
): Promise<void> {
  const { sim, client } = cluster;
  const workloads: Resource = targets[target];
  const reached = (what: string, when: (seen: Canary | undefined) => boolean) =>
    canaryWhen(cluster, { namespace, what, when });
  await sim.apply(canary(namespace, target));
  await reached("Initialized", (seen) => seen?.status?.phase === "Initialized");
  if (plot === "deleted") {
    await client.delete(canaries, { namespace, name });
    await reached("gone", (seen) => seen === undefined);
    await waitFor(async () => (await client.list(resources.httpRoutes, { namespace })).items.length === 0);
    await waitFor(async () => (await client.list(resources.services, { namespace })).items.length === 0);
    await waitFor(async () => (await client.list(workloads, { namespace })).items.length === 1);
    return;
  }
  const autoscaler = { spec: { maxReplicas: 4 } };
  await client.patch(workloads, { namespace, name }, release, { type: "strategic" });
  await reached("Progressing", (seen) => seen?.status?.phase === "Progressing");
  // It waits for the promotion; before the release it might be taken over at rest or not.
  await client.patch(resources.horizontalPodAutoscalers, { namespace, name }, autoscaler, { type: "merge" });
  const phase = plot === "good" ? "Succeeded" : "Failed";
  await reached(phase, (seen) => seen?.status?.phase === phase && isQuiet(seen));
}

function isQuiet({ status }: Canary): boolean {
  const left = [status?.announcements, status?.afterRun, status?.pendingHook, status?.pendingCheck];
  return left.every((value) => value === undefined);
}

function callsOf(sim: KubeSim, userAgent: string): ApiCall[] {
  const calls = new Map<string, ApiCall>();
  for (const { verb, resource, subresource = "", name: of = "", ...record } of sim.requests.log) {
    if (record.userAgent !== userAgent) continue;
    // Events have names that no other course has.
    const match = { verb, resource, subresource, name: resource === "events" ? "" : of };
    const id = JSON.stringify(match);
    calls.set(id, { match, times: (calls.get(id)?.times ?? 0) + 1 });
  }
  return [...calls.values()];
}
