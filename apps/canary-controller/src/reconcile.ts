// One pass over one Canary: observe → decide → act → record → announce.
import { isDeepStrictEqual } from "node:util";
import type { Canary } from "@burgee/contracts/crd";
import type { EventBus } from "@burgee/event-bus";
import { type EventRecorder, isKubeError, type KubeClient, type KubeError, resources } from "@burgee/kube";
import {
  type CanaryStatus,
  checkId,
  type Decision,
  decide,
  isIdle,
  problemText,
  reportInvalidSpec,
  reportObstacle,
} from "@burgee/rollout-engine";
import { type Clock, type Logger, messageOf } from "@burgee/service-kit";
import { act, type ActContext, isStale } from "./act.ts";
import type { AnnounceContext, Announcer } from "./announce/announcer.ts";
import type { CachedReader } from "./cached-reader.ts";
import { canaries, canaryKey, canaryObject, replaceStatus } from "./canary-resource.ts";
import type { CanaryMemory } from "./canary-memory.ts";
import type { RolloutMetrics } from "./metrics.ts";
import { objectsOf } from "./objects-of.ts";
import { observe } from "./observe.ts";
import { readSpec, type SpecSettings } from "./read-spec.ts";
import { cookiesOf, nextCookies, withCookies } from "./routers/http/cookies.ts";
import { RouterError } from "./routers/router.ts";
import { serviceName } from "./services.ts";
import { ownerOfTarget, sharedTarget } from "./shared-target.ts";
import { adoptUpstreamHashes } from "./workloads/adopt-upstream-hash.ts";
import { fallbackKind, targetKindOf } from "./workloads/index.ts";
import type { WorkloadSettings, World } from "./world.ts";

/** What passes work with. */
export interface ReconcilerDeps {
  /** Whose writes are refused for canaries that this process does not own. */
  clientFor: (key: string, reader: CachedReader) => KubeClient;
  reader: CachedReader;
  bus: EventBus;
  recorder: EventRecorder;
  announcer: Announcer;
  metrics: RolloutMetrics;
  log: Logger;
  clock: Clock;
  /** No Canary is left alone for longer than this; undefined: see `intervalMs` and `restMs`. */
  resyncMs?: number | undefined;
  spec: SpecSettings;
  workloads: WorkloadSettings;
}

/** When to come back. */
export interface Again {
  requeueAfterMs: number;
}

/** After a write that found a newer object; the watch event of that object usually comes first. */
const staleRetryMs = 50;
/** While the bus is up but takes nothing. */
const untoldRetryMs = 1_000;
/** Between looks at a Canary that is not rolled out, when all that it depends on is watched. */
const restMs = 300_000;
const unseen: CanaryStatus = { phase: "", failedChecks: 0, canaryWeight: 0, iterations: 0 };

/** What a pass is about. */
interface PassInput {
  canary: Canary;
  memory: CanaryMemory;
  /** Canaries that may have the same target. */
  others?: readonly Canary[];
}

/** Makes one pass. Rejects when the API or a router fails: the queue then tries again later. */
export async function reconcileCanary(deps: ReconcilerDeps, o: PassInput): Promise<Again> {
  const key = canaryKey(o.canary);
  try {
    return await pass(deps, o);
  } catch (error) {
    if (isKubeError(error, "fenced")) return { requeueAfterMs: staleRetryMs };
    if (isStale(error) || isKubeError(error)) distrustCache(deps.reader, o.canary);
    if (isStale(error)) {
      deps.metrics.conflict();
      deps.log.debug({ canary: key, err: messageOf(error) }, "the world moved on");
      return { requeueAfterMs: staleRetryMs };
    }
    if (isKubeError(error) || error instanceof RouterError) {
      deps.recorder.record(canaryObject(o.canary), { type: "Warning", reason: "Synced", message: messageOf(error) });
      await recordObstacle(deps, o.canary, error);
    }
    throw error;
  }
}

/** Failures that last until a person does something, and what that is. */
const remedies: Readonly<Partial<Record<KubeError["code"] | RouterError["code"], string>>> = {
  forbidden: "grant the controller's service account what the message names",
  not_found: "make what is not there: the object, or the CustomResourceDefinition of its kind",
  invalid: "see what the API server refuses: often the CustomResourceDefinitions are older than the controller",
  invalid_route: "correct the field that the message names",
};

/** A failure that lasts is in the status, where people look. When it cannot be written there either, the event and the log have it. */
async function recordObstacle(deps: ReconcilerDeps, canary: Canary, error: KubeError | RouterError): Promise<void> {
  const hint = remedies[error.code];
  if (hint === undefined) return;
  const status = reportObstacle(canary.status ?? unseen, { message: messageOf(error), hint }, deps.clock.now());
  try {
    await writeStatus(deps, { client: deps.clientFor(canaryKey(canary), deps.reader), canary, status });
  } catch (failed) {
    if (!isKubeError(failed)) throw failed;
  }
}

/** What was seen is too old, or a write was made whose answer was lost: the next pass must not wait for a watch to tell. */
function distrustCache(reader: CachedReader, canary: Canary): void {
  const { namespace, name } = canary.metadata;
  reader.distrust(canaries, { namespace, name });
  (targetKindOf(canary.spec.targetRef) ?? fallbackKind).distrust(reader, canary);
  for (const role of ["apex", "primary", "canary"] as const) {
    reader.distrust(resources.services, { namespace, name: serviceName(canary, role) });
  }
}

async function pass(deps: ReconcilerDeps, { canary, memory, others = [] }: PassInput): Promise<Again> {
  const read = readSpec(canary, deps.spec);
  let unheard = false;
  const reader = deps.reader.forPass(objectsOf(canary), () => {
    unheard = true;
  });
  const client = deps.clientFor(canaryKey(canary), reader);
  const now = deps.clock.now();
  const recorded = canary.status ?? unseen;
  const deleting = canary.metadata.deletionTimestamp !== undefined;
  const isRefused = (other: Canary) => "problems" in readSpec(other, deps.spec);
  const owner = ownerOfTarget(canary, { others, isRefused });
  const problems = "problems" in read ? read.problems : owner === undefined ? [] : [sharedTarget(canary, owner)];
  if (problems.length > 0 && !deleting) {
    const { uid, generation = 0 } = canary.metadata;
    const decision = reportInvalidSpec({ uid, generation, problems }, recorded, {
      now,
      announced: memory.announced(),
    });
    if (decision.announce.length > 0) {
      const { name, namespace } = canary.metadata;
      deps.log.warn({ canary: name, namespace, problems: problems.map(problemText) }, "invalid canary");
    }
    const written = await writeStatus(deps, { client, canary, status: decision.status });
    return finish(deps, decision, undefined, { canary: written, memory, intervalMs: 60_000 });
  }

  const { spec, router, kind } = "problems" in read ? read.fallback : read;
  const bus = deps.bus.state();
  const { seen, world } = await observe({
    client,
    reader,
    settings: deps.workloads,
    canary,
    spec,
    router,
    kind,
    memory,
    bus,
    now,
  });
  const status = adoptUpstreamHashes(recorded, world);
  const decision = decide(spec, status, seen);
  // Also when the split was set by a pass whose status was not written.
  const split = spec.routed && !spec.dryRun ? decision.status.routes : undefined;
  const cookies = split === undefined ? cookiesOf(status) : nextCookies(canary, cookiesOf(status), split);
  const acting: ActContext = { client, reader, spec, world, cookies };
  await act(decision.effects, acting);
  // Most passes: nothing to do, nothing to record.
  const sameCookies = isDeepStrictEqual(acting.cookies, cookiesOf(status));
  const isDone = decision.effects.length === 0 && decision.status === canary.status && sameCookies;
  const next = isDone ? decision.status : withCookies(decision.status, acting.cookies);
  const written = isDone ? canary : await writeStatus(deps, { client, canary: acting.world.canary, status: next });
  deps.metrics.record({ spec, before: recorded, after: next, now });
  const { rule, effects } = decision;
  if (effects.length > 0) {
    const fields = { canary: spec.name, namespace: spec.namespace, phase: next.phase, rule };
    deps.log.debug({ ...fields, effects: effects.map((effect) => effect.kind) }, "acted");
  }
  memory.keepOnly(outstandingIds(spec.uid, next));
  const atRest = isIdle(next.phase) && decision.rule === "rest" && !unheard && !deleting;
  // Not all of those that rest at the same moment.
  const intervalMs = atRest ? Math.max(spec.intervalMs, restMs * (1 + Math.random())) : spec.intervalMs;
  const about = { spec, status: next, images: imagesOf(world) };
  return finish(deps, decision, about, { canary: written, memory, intervalMs });
}

async function finish(
  deps: ReconcilerDeps,
  decision: Decision,
  about: Pick<AnnounceContext, "spec" | "status" | "images"> | undefined,
  { intervalMs: asked, ...o }: { canary: Canary; memory: CanaryMemory; intervalMs: number },
): Promise<Again> {
  const intervalMs = Math.min(asked, deps.resyncMs ?? Number.POSITIVE_INFINITY);
  const told = await deps.announcer.tell(decision.announce, {
    spec: about?.spec,
    status: about?.status ?? decision.status,
    images: about?.images ?? {},
    ...o,
  });
  const untold = told || deps.bus.state() === "down" ? intervalMs : untoldRetryMs;
  return { requeueAfterMs: Math.min(decision.recheckAfterMs ?? intervalMs, intervalMs, untold) };
}

/** Writes the status once, guarded by the version that the decision saw. Says nothing when nothing changed. */
async function writeStatus(
  { reader, log }: ReconcilerDeps,
  o: { client: KubeClient; canary: Canary; status: CanaryStatus },
): Promise<Canary> {
  const { canary, client } = o;
  const status: CanaryStatus = JSON.parse(JSON.stringify(o.status));
  if (isDeepStrictEqual(status, canary.status)) return canary;
  try {
    const written = await replaceStatus({ client, reader }, canary, status);
    if (!isDeepStrictEqual(written.status, status)) {
      // Deciding on less than was recorded would repeat steps: the CustomResourceDefinition must be ours.
      const { name, namespace } = canary.metadata;
      log.error({ canary: name, namespace }, "the API server dropped status fields; apply deploy/crds");
    }
    return written;
  } catch (error) {
    // Its last finalizer was ours: the object went away with it.
    if (isKubeError(error, "not_found") && canary.metadata.deletionTimestamp !== undefined) return canary;
    throw error;
  }
}

function outstandingIds(uid: string, status: CanaryStatus): ReadonlySet<string> {
  const { pendingCheck, pendingHook, announcements } = status;
  return new Set([
    ...(announcements ?? []).map((notice) => notice.id),
    ...(pendingCheck === undefined ? [] : [checkId(uid, pendingCheck.run, pendingCheck.check)]),
    ...(pendingHook === undefined ? [] : [pendingHook.key]),
  ]);
}

function imagesOf(world: World): Record<string, string> {
  const containers = world.target?.containers ?? [];
  return Object.fromEntries(containers.map(({ name, image }) => [name, image ?? ""]));
}
