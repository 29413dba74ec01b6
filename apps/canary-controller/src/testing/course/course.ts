// One whole rollout from a Canary's creation to its end, in a namespace of its own of a shared cluster.
import type { Canary } from "@burgee/contracts/crd";
import { createMemoryBus, type EventBus, MemoryStreams } from "@burgee/event-bus";
import { createKubeClient, type Informer, type KubeClient, createInformer, resources } from "@burgee/kube";
import { type Fault, type KubeSim, type RequestMatch, startKubeSim } from "@burgee/kube-sim";
import { type Logger, parseConfig } from "@burgee/service-kit";
import { captureLogger } from "@burgee/service-kit/testing";
import { fileURLToPath } from "node:url";
import { canaries } from "../../canary-resource.ts";
import { configSchema } from "../../config.ts";
import { answer, otherChecks, startAnalyzer } from "../analyzer.ts";
import { runController } from "../running-controller.ts";
import { createHookReceiver } from "./hooks.ts";
import { canary, name, release, workload } from "./manifests.ts";
import { createMortalLife, type MortalLife } from "./mortal-life.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

/** What courses share. */
export interface CourseCluster {
  sim: KubeSim;
  client: KubeClient;
  canaries: Informer<Canary>;
  stop(): Promise<void>;
}

export type Plot = "good" | "bad";

/** What is to happen to the controller of a course. */
export interface CourseOptions {
  plot: Plot;
  /** The first controller ends right after so many deeds; the next one lives on. */
  crashAfter?: number;
  /** What the API does to calls of the controllers; the match is theirs. */
  faults?: readonly Fault[];
  /** After how long a controller gives up a call; default: as ever. */
  timeoutMs?: number | undefined;
  /** Between a controller and its bus. */
  disturbBus?: (bus: EventBus) => EventBus;
  /** Verdicts on other checks, published before each one that was asked for. */
  otherVerdicts?: boolean;
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

const crds = fileURLToPath(new URL("../../../../../deploy/crds", import.meta.url));
let courses = 0;

/** A simulated API for many courses, each in a namespace of its own. */
export async function startCourseCluster(): Promise<CourseCluster> {
  const sim = await startKubeSim({ crds: [crds], gateway: false });
  const { log } = captureLogger("course");
  const client = createKubeClient({ server: sim.url, log, userAgent: "course" });
  const watched = createInformer(client, canaries, { log });
  const stopping = new AbortController();
  watched.start(stopping.signal);
  await watched.synced;
  return {
    sim,
    client,
    canaries: watched,
    async stop() {
      stopping.abort();
      await watched.stop();
      await client.close();
      await sim.stop();
    },
  };
}

/** Runs it to its end. Rejects with what was seen last when there is none within the time. */
export async function runCourse(cluster: CourseCluster, o: CourseOptions): Promise<Course> {
  const { sim, client } = cluster;
  courses += 1;
  const namespace = `course-${courses}`;
  const userAgent = `burgee-canary-controller/${namespace};`;
  const { log } = captureLogger("course");
  const shared = new MemoryStreams();
  const bus = createMemoryBus({ log, streams: shared });
  const connectBus = (of: Logger) => {
    const own = createMemoryBus({ log: of, streams: shared });
    return o.disturbBus?.(own) ?? own;
  };
  const hooks = createHookReceiver();
  const [said, opposite] = o.plot === "good" ? (["pass", "fail"] as const) : (["fail", "pass"] as const);
  const analyzerBus = connectBus(log);
  const analyzer = startAnalyzer(analyzerBus, async (request) => {
    const others = o.otherVerdicts === true ? otherChecks(request) : [];
    for (const other of others) await answer(analyzerBus, other, opposite);
    return said;
  });
  const start = (life: MortalLife) =>
    runController(configFor(namespace), ({ log: of }) => ({
      client: life.kube(
        createKubeClient({
          server: sim.url,
          log: of,
          userAgent,
          timeoutMs: o.timeoutMs,
        }),
      ),
      bus: life.bus(connectBus(of)),
      dialer: life.dialer(hooks.dialer()),
    }));

  const faults = (o.faults ?? []).map((fault) => sim.faults.add({ ...fault, match: { ...fault.match, userAgent } }));
  await sim.apply(...workload(namespace));
  const first = createMortalLife({ endsAfter: o.crashAfter });
  const running = [await start(first)];
  const succession = first.over.then(async () => {
    running.pop()?.abandon();
    // As if its lease had run out: nothing of the dead one can renew it any more.
    await client.delete(resources.leases, { namespace, name: "burgee-canary-controller-0" });
    running.push(await start(createMortalLife()));
  });
  try {
    await sim.apply(canary(namespace));
    const successorFails = succession.then(() => new Promise<never>(() => undefined));
    const reached = (what: string, when: (seen: Canary) => boolean) =>
      Promise.race([successorFails, canaryWhen(cluster, { namespace, what, when })]);
    await reached("Initialized", ({ status }) => status?.phase === "Initialized");
    const autoscaler = { spec: { maxReplicas: 4 } };
    await client.patch(resources.horizontalPodAutoscalers, { namespace, name }, autoscaler, { type: "merge" });
    await client.patch(resources.deployments, { namespace, name }, release, { type: "strategic" });
    const phase = o.plot === "good" ? "Succeeded" : "Failed";
    await reached(phase, (seen) => seen.status?.phase === phase && isQuiet(seen));
    const outcome = await outcomeOf({ client, bus, namespace, hookCalls: hooks.calls });
    const crashedAfter = o.crashAfter === undefined ? undefined : first.deeds[o.crashAfter - 1];
    return { outcome, deeds: first.deeds, crashedAfter, calls: callsOf(sim, userAgent) };
  } catch (error) {
    const said = running
      .flatMap(({ log: of }) => of.events.slice(-5))
      .map(({ msg, reason }) => `${msg} ${reason ?? ""}`);
    throw new Error(`${String(error)}; the controller said: ${said.join(" | ")}`, { cause: error });
  } finally {
    for (const fault of faults) fault.remove();
    for (const controller of running) await controller.stop();
    await analyzer.stop();
    await analyzerBus.close();
    await bus.close();
    // Its finalizer would wait for a controller.
    await client.patch(canaries, { namespace, name }, { metadata: { finalizers: [] } }, { type: "merge" });
    await client.delete(resources.namespaces, { name: namespace });
  }
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

function isQuiet({ status }: Canary): boolean {
  const left = [status?.announcements, status?.afterRun, status?.pendingHook, status?.pendingCheck];
  return left.every((value) => value === undefined);
}

function configFor(namespace: string) {
  const flags = [`--namespace=${namespace}`, `--pod-namespace=${namespace}`, "--mesh-provider=gatewayapi:v1"];
  return { ...parseConfig(configSchema, flags, {}), minInterval: 10 };
}

/** Resolves when the watch shows it. */
function canaryWhen(
  { canaries: watched }: CourseCluster,
  o: { namespace: string; what: string; when: (seen: Canary) => boolean },
): Promise<Canary> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const seen = watched.get(o.namespace, name);
      if (seen === undefined || !o.when(seen)) return;
      leave();
      clearTimeout(deadline);
      resolve(seen);
    };
    const leave = watched.on(({ object }) => {
      if (object.metadata.namespace === o.namespace) look();
    });
    const deadline = setTimeout(() => {
      leave();
      reject(
        new Error(`not ${o.what} after 20 s; status is ${JSON.stringify(watched.get(o.namespace, name)?.status)}`),
      );
    }, 20_000);
    look();
  });
}
