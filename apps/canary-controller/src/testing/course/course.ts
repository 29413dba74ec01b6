// One whole rollout from a Canary's creation to its end, in a namespace of its own of a shared cluster.
import type { KubeSim, RequestMatch } from "@burgee/kube-sim";
import type { CourseCluster } from "./cluster.ts";
import { createMortalLife, type MortalLife } from "./mortal-life.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { type Plot, play, verdictsOf } from "./plot.ts";
import type { Scene } from "./scene.ts";
import { type Disturbance, setStage, type Stage } from "./stage.ts";

/** What becomes of the first controller; where another takes over, that one lives on. */
export type Fate = "crashes" | "is paused" | "loses its watches";

/** What is to happen in a course. */
export interface CourseOptions extends Scene, Disturbance {
  plot: Plot;
  fate?: Fate;
  /** After so many deeds of the first controller. */
  after?: number;
}

/** What happened. */
export interface Course {
  outcome: Outcome;
  /** Of the first controller. */
  deeds: readonly string[];
  /** The last deed before the first controller's fate; undefined when it did not come to that. */
  turnedAfter: string | undefined;
  /** Every call of the API that was made. */
  calls: readonly ApiCall[];
}

/** Which calls they were, with the number of times that each was made. */
export interface ApiCall {
  match: Required<Pick<RequestMatch, "verb" | "resource" | "name" | "subresource">>;
  times: number;
}

const turns = { crashes: "ends", "is paused": "stands still", "loses its watches": "goes on" } as const;

/** Runs it to its end, in its turn. Rejects with what was seen last when there is none within the time. */
export function runCourse(cluster: CourseCluster, o: CourseOptions): Promise<Course> {
  return cluster.inTurn(() => run(cluster, o));
}

async function run(cluster: CourseCluster, o: CourseOptions): Promise<Course> {
  const { fate = "crashes" } = o;
  const lease = fate === "is paused" ? { lease: "1s" as const } : {};
  const stage = await setStage(cluster, { ...o, ...lease, scene: o, verdicts: verdictsOf(o.plot) });
  const first = createMortalLife({ after: o.after, as: turns[fate] });
  const running = [await stage.start(first)];
  const turn = first.turned.then(() => fates[fate]({ cluster, stage, first, running }));
  try {
    if (fate === "is paused") {
      await stage.holderAfter(undefined);
      running.push(await stage.start(createMortalLife()));
    }
    const turnFails = turn.then(() => new Promise<never>(() => undefined));
    await Promise.race([turnFails, play(cluster, stage.namespace, o)]);
    const { namespace, bus, hooks, userAgent } = stage;
    const waited = o.strategy === "gates";
    const outcome = await outcomeOf({ client: cluster.client, bus, namespace, hookCalls: hooks.calls, waited });
    const turnedAfter = o.after === undefined ? undefined : first.deeds[o.after - 1];
    return { outcome, deeds: first.deeds, turnedAfter, calls: callsOf(cluster.sim, userAgent) };
  } catch (error) {
    const said = running.flatMap(({ log }) => log.events.slice(-5)).map(({ msg, reason }) => `${msg} ${reason ?? ""}`);
    throw new Error(`${String(error)}; the controllers said: ${said.join(" | ")}`, { cause: error });
  } finally {
    // A course may be over before anybody misses the leader; one that stands still cannot stop.
    if (fate === "is paused") first.resume();
    for (const controller of running) await controller.stop();
    await stage.close();
  }
}

interface Turned {
  cluster: CourseCluster;
  stage: Stage;
  first: MortalLife;
  running: Awaited<ReturnType<Stage["start"]>>[];
}

const fates: Record<Fate, (turned: Turned) => Promise<void>> = {
  async crashes({ stage, running }) {
    running.pop()?.abandon();
    await stage.expireLease();
    running.push(await stage.start(createMortalLife()));
  },
  /** It comes back when another has taken over and acts. */
  async "is paused"({ stage, first }) {
    await stage.holderAfter(await stage.holderAfter(undefined));
    first.resume();
  },
  async "loses its watches"({ cluster, stage }) {
    cluster.sim.faults.closeWatches({ userAgent: stage.userAgent });
  },
};

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
