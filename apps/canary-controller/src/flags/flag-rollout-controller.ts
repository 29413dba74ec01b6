// Where FlagRollouts enter: a watch → keys → one pass at a time each, by the same code as canaries.
import type { FlagRollout } from "@burgee/contracts/crd";
import { createInformer, createWorkQueue, type KubeClient, type ShardLeases } from "@burgee/kube";
import type { Logger, Part } from "@burgee/service-kit";
import type { Answers } from "../answers.ts";
import { type CanaryMemory, createCanaryMemory } from "../canary-memory.ts";
import type { RolloutMetrics } from "../metrics.ts";
import { type Again, reconcileCanary, type ReconcilerDeps } from "../reconcile.ts";
import { asCanary, flagRollouts } from "./flag-rollout-resource.ts";

/** Looks after the FlagRollouts of the shards that this process owns. */
export interface FlagRolloutController extends Part {
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** Look at a FlagRollout again, if there is one of that key. */
  requeue(key: string): void;
  /** Look at all of them again. */
  requeueAll(): void;
}

export interface FlagRolloutControllerDeps {
  client: KubeClient;
  /** Empty means all. */
  namespace: string;
  leases: ShardLeases;
  answers: Answers;
  metrics: Pick<RolloutMetrics, "forget">;
  log: Logger;
  concurrency: number;
  /** Resolves when nothing forbids acting. */
  mayAct: (signal: AbortSignal) => Promise<void>;
  reconciler: ReconcilerDeps;
}

export function createFlagRolloutController(deps: FlagRolloutControllerDeps): FlagRolloutController {
  const { client, leases, log } = deps;
  const namespace = deps.namespace === "" ? undefined : deps.namespace;
  const informer = createInformer(client, flagRollouts, { namespace, log });
  const memories = new Map<string, CanaryMemory>();
  const queue = createWorkQueue({ reconcile, concurrency: deps.concurrency, maxDelayMs: 30_000, log });
  const leave: (() => void)[] = [];

  async function reconcile(key: string): Promise<Again | undefined> {
    const [of = "", name = ""] = key.split("/");
    if (!leases.owns(key) || informer.get(of, name) === undefined) return forget(key);
    // Read anew: a decision on what the watch has not delivered yet would end in a conflict.
    const rollout = await client.tryGet(flagRollouts, { namespace: of, name });
    if (rollout === undefined) return forget(key);
    return reconcileCanary(deps.reconciler, { canary: asCanary(rollout), memory: memoryOf(key, rollout) });
  }

  function memoryOf(key: string, { metadata }: FlagRollout): CanaryMemory {
    const known = memories.get(key);
    if (known?.uid === metadata.uid) return known;
    const memory = createCanaryMemory(metadata.uid, deps.answers);
    memories.set(key, memory);
    return memory;
  }

  function forget(key: string): undefined {
    const uid = memories.get(key)?.uid;
    if (uid !== undefined) deps.answers.forget(uid);
    memories.delete(key);
  }

  function requeueAll(): void {
    for (const rollout of informer.list()) queue.add(keyOf(rollout));
  }

  return {
    name: "flag rollouts",
    async start(signal) {
      leave.push(
        informer.on((e) => {
          if (e.type === "deleted") deps.metrics.forget(asCanary(e.object));
          queue.add(keyOf(e.object));
        }),
        leases.onChange(() => {
          requeueAll();
          return queue.finished((key) => !leases.owns(key));
        }),
      );
      informer.start(signal);
      begin(signal).catch((err: unknown) => {
        if (!signal.aborted) log.error({ err }, "flag rollouts did not begin");
      });
    },
    async stop() {
      for (const fn of leave.splice(0)) fn();
      await queue.stop();
      await informer.stop();
    },
    requeue(key) {
      const [of = "", name = ""] = key.split("/");
      if (informer.get(of, name) !== undefined) queue.add(key);
    },
    requeueAll,
  };

  async function begin(signal: AbortSignal): Promise<void> {
    await informer.synced;
    await deps.mayAct(signal);
    queue.start(signal);
  }
}

function keyOf({ metadata }: FlagRollout): string {
  return `${metadata.namespace}/${metadata.name}`;
}
