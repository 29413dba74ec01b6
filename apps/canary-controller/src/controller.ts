// Where objects enter: watches → keys of canaries → one pass at a time per Canary.
import { createWorkQueue, type Informer, type KubeObject, type ShardLeases, type WorkQueueMetrics } from "@burgee/kube";
import type { Canary } from "@burgee/contracts/crd";
import type { Logger, Part, ReadinessCheck } from "@burgee/service-kit";
import type { Answers } from "./answers.ts";
import { canaries, canaryKey } from "./canary-resource.ts";
import { type CanaryMemory, createCanaryMemory } from "./canary-memory.ts";
import type { RolloutMetrics } from "./metrics.ts";
import { objectsOf } from "./objects-of.ts";
import { type Again, type ReconcilerDeps, reconcileCanary } from "./reconcile.ts";
import type { Watches } from "./watches.ts";

/** Finds the canaries that an object is about, and keeps what this process knows of them. */
export interface Controller extends Part {
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
  /** Look at a Canary again. */
  requeue(key: string): void;
  /** Look at every Canary again: the bus is back, or a shard was taken over. */
  requeueAll(): void;
}

export interface ControllerDeps {
  watches: Watches;
  leases: ShardLeases;
  answers: Answers;
  metrics: RolloutMetrics;
  log: Logger;
  readiness: ReadinessCheck;
  concurrency: number;
  queueMetrics?: WorkQueueMetrics;
  /** Resolves when nothing forbids acting. */
  mayAct: (signal: AbortSignal) => Promise<void>;
  /** Made with the controller's own requeue. */
  reconciler: ReconcilerDeps;
}

export function createController(deps: ControllerDeps): Controller {
  const { watches, leases, log } = deps;
  const memories = new Map<string, CanaryMemory>();
  /** Canaries by the objects that they are about. */
  const interested = new Map<string, Set<string>>();
  const queue = createWorkQueue({
    reconcile,
    concurrency: deps.concurrency,
    maxDelayMs: 30_000,
    log,
    metrics: deps.queueMetrics,
  });
  const leave: (() => void)[] = [];
  let held: readonly number[] = [];
  let counting: NodeJS.Immediate | undefined;

  async function reconcile(key: string): Promise<Again | undefined> {
    if (!leases.owns(key)) {
      forget(key);
      return undefined;
    }
    const [namespace = "", name = ""] = key.split("/");
    const canary = await watches.reader.tryGet(canaries, { namespace, name });
    if (canary === undefined) {
      forget(key);
      return undefined;
    }
    return reconcileCanary(deps.reconciler, { canary, memory: memoryOf(key, canary), others: othersOf(canary) });
  }

  /** Canaries that may have the same target, this one among them. */
  function othersOf(canary: Canary): Canary[] {
    const keys = interested.get(targetKey(canary));
    return keys === undefined || keys.size < 2 ? [] : [...keys].flatMap(canaryAt);
  }

  function canaryAt(key: string): Canary[] {
    const [namespace = "", name = ""] = key.split("/");
    const canary = watches.canaries.get(namespace, name);
    return canary === undefined ? [] : [canary];
  }

  /** What is remembered is about one object, not about a later one of the same name. */
  function memoryOf(key: string, canary: Canary): CanaryMemory {
    const known = memories.get(key);
    if (known?.uid === canary.metadata.uid) return known;
    const memory = createCanaryMemory(canary.metadata.uid, deps.answers);
    memories.set(key, memory);
    return memory;
  }

  function forget(key: string): void {
    const uid = memories.get(key)?.uid;
    if (uid !== undefined) deps.answers.forget(uid);
    memories.delete(key);
  }

  function index(canary: Canary, change: "add" | "remove"): void {
    for (const object of objectsOf(canary)) {
      const keys = interested.get(object) ?? new Set<string>();
      if (change === "add") keys.add(canaryKey(canary));
      else keys.delete(canaryKey(canary));
      if (keys.size > 0) interested.set(object, keys);
      else interested.delete(object);
    }
  }

  function onCanary(e: { type: "added" | "updated" | "deleted"; object: Canary; old?: Canary }): void {
    const { type, object, old } = e;
    if (!isSameSpec(old, object) || type === "deleted") {
      if (old !== undefined) index(old, "remove");
      index(object, type === "deleted" ? "remove" : "add");
      // The target may be free for another one now.
      wake(targetKey(old ?? object));
    }
    if (type === "deleted") deps.metrics.forget(object);
    // Once for all that come in one go.
    if (type !== "updated" && counting === undefined) counting = setImmediate(countCanaries);
    queue.add(canaryKey(object));
    // Those that wait for this one.
    if (old?.status?.phase !== object.status?.phase) onObject(object);
  }

  function countCanaries(): void {
    counting = undefined;
    const totals = new Map<string, number>();
    for (const key of watches.canaries.keys()) {
      const [namespace = ""] = key.split("/");
      totals.set(namespace, (totals.get(namespace) ?? 0) + 1);
    }
    deps.metrics.setTotals(totals);
  }

  function onObject({ metadata }: KubeObject): void {
    wake(`${metadata.namespace}/${metadata.name}`);
  }

  function wake(object: string): void {
    for (const key of interested.get(object) ?? []) queue.add(key);
  }

  function requeueAll(): void {
    for (const key of watches.canaries.keys()) queue.add(key);
  }

  function onShards(now: readonly number[]): Promise<void> {
    // Whoever had a shard before may have written since the watches last heard of it.
    if (now.some((shard) => !held.includes(shard))) watches.refresh();
    held = now;
    requeueAll();
    return queue.finished((key) => !leases.owns(key));
  }

  return {
    name: "controller",
    async start(signal) {
      leave.push(watches.canaries.on(onCanary), watches.onObject(onObject), leases.onChange(onShards));
      const reasons = new Map<string, string>();
      for (const informer of watches.informers) {
        const follow = (_: unknown, reason = "") => {
          reasons.set(informer.name, reason);
          reportState(watches.informers, { reasons, readiness: deps.readiness });
        };
        leave.push(informer.onState(follow));
      }
      watches.start(signal);
      // In the background: an API that is away must not keep the process from serving /readyz.
      begin(signal).catch((err: unknown) => {
        if (!signal.aborted) log.error({ err }, "controller did not begin");
      });
    },
    async stop() {
      for (const fn of leave.splice(0)) fn();
      clearImmediate(counting);
      await queue.stop();
      await watches.stop();
    },
    requeue: (key) => queue.add(key),
    requeueAll,
  };

  async function begin(signal: AbortSignal): Promise<void> {
    await Promise.all(watches.informers.map((informer) => informer.synced));
    await deps.mayAct(signal);
    deps.readiness.ok();
    queue.start(signal);
    log.info({ canaries: [...watches.canaries.keys()].length }, "looking after canaries");
  }
}

function reportState(
  informers: readonly Pick<Informer<KubeObject>, "name" | "state">[],
  { reasons, readiness }: { reasons: ReadonlyMap<string, string>; readiness: ReadinessCheck },
): void {
  const down = informers.filter((informer) => informer.state() === "down");
  const shown = down.map(({ name }) => `${name}: ${reasons.get(name)}`);
  if (down.length > 0) readiness.down(`watches are down: ${shown.join(", ")}`);
  else if (informers.every((informer) => informer.state() === "up")) readiness.ok();
}

/** Nothing but status or metadata changed. */
function isSameSpec(before: Canary | undefined, after: Canary): boolean {
  const { generation } = after.metadata;
  return generation !== undefined && before?.metadata.generation === generation;
}

function targetKey({ metadata, spec }: Canary): string {
  return `${metadata.namespace}/${spec.targetRef.name}`;
}
