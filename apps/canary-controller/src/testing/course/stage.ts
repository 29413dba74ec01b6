// Where one course is played: its namespace, its streams, an analyzer that says what the plot wants, and its controllers.
import { createMemoryBus, type EventBus, MemoryStreams } from "@burgee/event-bus";
import { createKubeClient, resources } from "@burgee/kube";
import type { Fault } from "@burgee/kube-sim";
import { type Logger, parseConfig } from "@burgee/service-kit";
import { captureLogger, waitFor } from "@burgee/service-kit/testing";
import { canaries } from "../../canary-resource.ts";
import { configSchema } from "../../config.ts";
import { answer, otherChecks, startAnalyzer, type Verdicts } from "../analyzer.ts";
import { type RunningController, runController } from "../running-controller.ts";
import { type CourseCluster, patienceMs } from "./cluster.ts";
import { createHookReceiver, type HookReceiver } from "./hooks.ts";
import type { MortalLife } from "./mortal-life.ts";
import { name, objectsOf, type Scene } from "./scene.ts";

/** What is to go wrong around the controllers of a course. */
export interface Disturbance {
  /** What the API does to calls of the controllers; the match is theirs. */
  faults?: readonly Fault[];
  /** After how long a controller gives up a call; default: as ever. */
  timeoutMs?: number | undefined;
  /** Between a service and its bus. */
  disturbBus?: (bus: EventBus) => EventBus;
  /** Verdicts on other checks, published before each one that was asked for. */
  otherVerdicts?: boolean;
  /** How long a controller may be away before another takes over; default: as ever. */
  lease?: "1s";
}

export interface Stage {
  namespace: string;
  userAgent: string;
  /** Undisturbed. */
  bus: EventBus;
  hooks: HookReceiver;
  start(life: MortalLife): Promise<RunningController & { abandon(): void }>;
  /** Takes the lease from a controller that is no more, as if it had run out. */
  expireLease(): Promise<void>;
  /** Resolves when somebody else holds the lease than this one, with who it is. */
  holderAfter(before: string | undefined): Promise<string>;
  /** Call it when the controllers have stopped. */
  close(): Promise<void>;
}

let stages = 0;

/** Makes the namespace with the workload, not yet with the Canary. */
export async function setStage(
  cluster: CourseCluster,
  o: Disturbance & { scene: Scene; verdicts: Verdicts },
): Promise<Stage> {
  const { sim, client } = cluster;
  stages += 1;
  const namespace = `course-${stages}`;
  const userAgent = `burgee-canary-controller/${namespace};`;
  const { log } = captureLogger("course");
  const shared = new MemoryStreams();
  const bus = createMemoryBus({ log, streams: shared });
  const connectBus = (of: Logger) => {
    const own = createMemoryBus({ log: of, streams: shared });
    return o.disturbBus?.(own) ?? own;
  };
  const hooks = createHookReceiver({ closed: o.scene.strategy === "gates" });
  const analyzerBus = connectBus(log);
  const analyzer = startAnalyzer(analyzerBus, async (request) => {
    const verdict = await o.verdicts(request);
    const others = o.otherVerdicts === true ? otherChecks(request) : [];
    for (const other of others) await answer(analyzerBus, other, verdict === "pass" ? "fail" : "pass");
    return verdict;
  });
  const faults = (o.faults ?? []).map((fault) => sim.faults.add({ ...fault, match: { ...fault.match, userAgent } }));
  await sim.apply(...objectsOf(namespace, o.scene));
  const flags = [
    `--namespace=${namespace}`,
    `--pod-namespace=${namespace}`,
    ...(o.lease === undefined ? [] : [`--lease-duration=${o.lease}`]),
  ];
  const lease = { namespace, name: "burgee-canary-controller-0" };
  const config = { ...parseConfig(configSchema, flags, {}), minInterval: 10 };

  return {
    namespace,
    userAgent,
    bus,
    hooks,
    start: (life) =>
      runController(config, ({ log: of }) => ({
        client: life.kube(createKubeClient({ server: sim.url, log: of, userAgent, timeoutMs: o.timeoutMs })),
        bus: life.bus(connectBus(of)),
        dialer: life.dialer(hooks.dialer()),
      })),
    expireLease: () => client.delete(resources.leases, lease),
    holderAfter: (before) =>
      waitFor(
        async () => {
          const holder = (await client.tryGet(resources.leases, lease))?.spec?.holderIdentity;
          return holder === before || holder === "" ? undefined : holder;
        },
        { timeoutMs: patienceMs },
      ),
    async close() {
      for (const fault of faults) fault.remove();
      await analyzer.stop();
      await analyzerBus.close();
      await bus.close();
      if ((await client.tryGet(canaries, { namespace, name })) !== undefined) {
        // Its finalizer would wait for a controller.
        await client.patch(canaries, { namespace, name }, { metadata: { finalizers: [] } }, { type: "merge" });
      }
      await client.delete(resources.namespaces, { name: namespace });
    },
  };
}
