// act: effects → writes. Each write carries the resourceVersion that the decision saw; a conflict ends the pass.
import { type KubeClient, KubeError, type KubeObject, type Resource, resources, type Service } from "@burgee/kube";
import type { Effect, RolloutSpec } from "@burgee/rollout-engine";
import type { CachedReader } from "./cached-reader.ts";
import { patchMetadata } from "./canary-resource.ts";
import { actionAnnotation, parseAction } from "./human-action.ts";
import { finalizer, managedRoles } from "./observe.ts";
import { nextCookies } from "./routers/http/cookies.ts";
import type { Cookies, RouteContext } from "./routers/router.ts";
import { alignedService, newService, revertedApex } from "./services.ts";
import { replicasFromZero } from "./workloads/pods/replicas.ts";
import type { TargetFacts } from "./workloads/target.ts";
import type { World } from "./world.ts";

/** What acting needs. `client` refuses writes once the shard is lost. */
export interface ActContext {
  client: KubeClient;
  reader: CachedReader;
  spec: RolloutSpec;
  /** Changed by effects that write the Canary itself, so that the status write is guarded by its newest version. */
  world: World;
  /** Session affinity cookies after the effects; the status write records them. */
  cookies: Cookies;
}

/** The world is not what the decision was made on: observe again. */
class StaleDecisionError extends Error {
  readonly code = "stale_decision";

  constructor(message: string) {
    super(`[stale_decision] ${message}; observing again`);
    this.name = "StaleDecisionError";
  }
}

type Kind = Effect["kind"];
/** The effect of a kind, written so that the compiler sees that kind and executor belong together. */
type EffectOf<K extends Kind> = { [P in K]: { readonly kind: P } & Extract<Effect, { kind: P }> }[K];
type Executors = { readonly [K in Kind]: (effect: EffectOf<K>, context: ActContext) => Promise<void> };

const executors: Executors = {
  async createPrimary({ release }, context) {
    targetOf(context);
    await context.world.workload.createPrimary(release);
  },

  async promote({ revision, release }, context) {
    const { workload } = context.world;
    const seen = targetOf(context).revision;
    if (seen !== revision) throw new StaleDecisionError(`target revision is ${seen}, expected ${revision}`);
    if (workload.primary === undefined) throw new StaleDecisionError("the primary is gone");
    await workload.promote(release);
  },

  async reconcileServices(_effect, context) {
    const { world } = context;
    const { label, containers } = targetOf(context);
    await world.workload.ownService?.reconcile();
    const service = world.canary.spec.service;
    if (service === undefined || label === undefined) return;
    const desired = { canary: world.canary, service, label, containers };
    for (const role of managedRoles(world)) {
      const live = world.services[role];
      const aligned = live === undefined ? undefined : alignedService(role, live, desired);
      if (live === undefined) await create<Service>(context, resources.services, newService(role, desired));
      else if (aligned !== undefined) await replace(context, resources.services, aligned);
    }
  },

  async reconcileRoutes(_effect, context) {
    const { router, routes } = context.world;
    await router.reconcile(routeContext(context), routes);
  },

  async setRoutes({ primary, canary, mirror, mirrorWeight }, context) {
    const { router, routes } = context.world;
    const split = { primary, canary, mirror, mirrorWeight };
    await router.setRoutes(routeContext(context), routes, split);
    context.cookies = nextCookies(context.world.canary, context.cookies, split);
  },

  async finalizeRoutes(_effect, context) {
    const { world } = context;
    const { apex } = world.services;
    const service = world.canary.spec.service;
    if (apex !== undefined && service !== undefined && world.target?.label !== undefined) {
      const { label, containers } = world.target;
      const reverted = revertedApex(apex, { canary: world.canary, service, label, containers });
      if (reverted !== undefined) await replace(context, resources.services, reverted);
    }
    await world.router.finalize(routeContext(context), world.routes);
    await world.workload.giveBack("as it is");
  },

  async reconcileFlags({ flags }, { world }) {
    await world.flags?.reconcile(flags);
  },

  scaleTargetToZero: (_effect, { world }) => world.workload.scaleToZero(),

  async scaleTargetUp(_effect, context) {
    const { scaler, workload, canary } = context.world;
    const replicas = replicasFromZero({
      current: targetOf(context).replicas,
      autoscalerMinimum: scaler?.minimum,
      hasAutoscaler: canary.spec.autoscalerRef !== undefined,
      primary: workload.primary?.replicas ?? 1,
    });
    await workload.scaleUp(replicas);
  },

  revertTarget: (_effect, { world: { workload } }) => workload.giveBack(Math.max(workload.primary?.replicas ?? 1, 1)),

  pauseAutoscaler: async (_effect, { world }) => world.scaler?.pause(),
  resumeAutoscaler: async (_effect, { world }) => world.scaler?.resume(),
  reconcilePrimaryAutoscaler: async ({ update }, { world }) => world.scaler?.reconcilePrimary({ update }),

  async consumeAction({ id }, context) {
    const parsed = parseAction(context.world.canary.metadata.annotations?.[actionAnnotation]);
    if (parsed === undefined) return;
    if (id !== undefined && (!("action" in parsed) || parsed.action.id !== id)) return;
    await removeAnnotation(context, actionAnnotation);
  },

  async consumeAnnotation({ name }, context) {
    if (context.world.canary.metadata.annotations?.[name] !== undefined) await removeAnnotation(context, name);
  },

  async addFinalizer(_effect, context) {
    const finalizers = context.world.canary.metadata.finalizers ?? [];
    if (!finalizers.includes(finalizer)) await changeMetadata(context, { finalizers: [...finalizers, finalizer] });
  },

  async removeFinalizer(_effect, context) {
    const finalizers = context.world.canary.metadata.finalizers ?? [];
    if (!finalizers.includes(finalizer)) return;
    await changeMetadata(context, { finalizers: finalizers.filter((name) => name !== finalizer) });
  },
};

/**
 * Makes the effects so, in order. Rejects with KubeError ("conflict" and "already_exists" mean: the world moved on; "fenced": this
 * process no longer acts for the Canary), StaleDecisionError or RouterError; what was done until then stays, and is found done the next time.
 */
export async function act(effects: readonly Effect[], context: ActContext): Promise<void> {
  for (const effect of effects) await execute(effect, context);
}

function execute<K extends Kind>(effect: EffectOf<K>, context: ActContext): Promise<void> {
  return executors[effect.kind](effect, context);
}

/** True when the failure only says that the pass was made on an older state of the world. */
export function isStale(error: unknown): boolean {
  if (error instanceof StaleDecisionError) return true;
  return error instanceof KubeError && (error.code === "conflict" || error.code === "already_exists");
}

function targetOf({ world }: ActContext): TargetFacts {
  if (world.target !== undefined) return world.target;
  throw new StaleDecisionError("the target is gone");
}

function routeContext({ client, world, cookies, spec }: ActContext): RouteContext {
  return { client, canary: world.canary, label: world.target?.label, cookies, intervalMs: spec.intervalMs };
}

async function create<T extends KubeObject>({ client, reader }: ActContext, r: Resource<T>, object: T): Promise<void> {
  reader.wrote(r, await client.create(r, object));
}

async function replace<T extends KubeObject>({ client, reader }: ActContext, r: Resource<T>, object: T): Promise<void> {
  reader.wrote(r, await client.replace(r, object));
}

async function removeAnnotation(context: ActContext, name: string): Promise<void> {
  await changeMetadata(context, { annotations: { [name]: null } });
}

async function changeMetadata(context: ActContext, metadata: object): Promise<void> {
  const canary = await patchMetadata(context, context.world.canary, metadata);
  context.world = { ...context.world, canary };
}
