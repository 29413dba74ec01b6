// A controller's life that ends or stands still at a chosen moment: everything it says to the world goes through here and is counted.
import type { EventBus } from "@burgee/event-bus";
import type { KubeClient } from "@burgee/kube";
import type { Dialer } from "@burgee/service-kit";

/** Counts what a controller does to the world, and lets nothing more of it happen from one moment on. */
export interface MortalLife {
  /** What was done, in order: `update canaries/podinfo/status`, `publish alerts …`, `call http://…`. Leases are not among it. */
  readonly deeds: readonly string[];
  /** Resolves right after the deed that it was made to turn at; never for a life without one. */
  readonly turned: Promise<void>;
  /** Goes on after standing still: what was under way is sent now, and answers from before arrive. */
  resume(): void;
  kube(client: KubeClient): KubeClient;
  bus(bus: EventBus): EventBus;
  dialer(dialer: Dialer): Dialer;
}

/** What becomes of a life at its turn. Of one that ends, later calls never return, as to a process that no longer exists. */
type Turn = "ends" | "stands still" | "goes on";

/** A life that turns right after so many deeds: the last one happened, its answer reaches nobody before it is resumed. */
export function createMortalLife(o: { after?: number | undefined; as?: Turn } = {}): MortalLife {
  const deeds: string[] = [];
  const turned = Promise.withResolvers<void>();
  const resumed = Promise.withResolvers<void>();
  let awake = true;
  let over = false;

  function turn(): void {
    over = o.as === "ends";
    awake = o.as === "goes on";
    turned.resolve();
  }

  function resume(): void {
    awake = true;
    resumed.resolve();
  }

  async function whileAlive<T>(call: () => Promise<T>): Promise<T> {
    if (!awake) await resumed.promise;
    try {
      return await call();
    } finally {
      if (!awake) await resumed.promise;
    }
  }

  const deed = <T>(name: string, call: () => Promise<T>): Promise<T> =>
    whileAlive(async () => {
      const result = await call();
      if (!awake) return result;
      deeds.push(name);
      if (deeds.length === o.after) turn();
      return result;
    });

  function kube(client: KubeClient): KubeClient {
    const write = <T>(verb: string, on: { plural: string; name: string }, call: () => Promise<T>) =>
      on.plural === "leases" ? whileAlive(call) : deed(`${verb} ${on.plural}/${on.name}`, call);
    return {
      ...client,
      get: (r, ref) => whileAlive(() => client.get(r, ref)),
      tryGet: (r, ref) => whileAlive(() => client.tryGet(r, ref)),
      list: (r, options) => whileAlive(() => client.list(r, options)),
      create: (r, object) =>
        write("create", { plural: r.plural, name: object.metadata.name }, () => client.create(r, object)),
      replace: (r, object) =>
        write("update", { plural: r.plural, name: object.metadata.name }, () => client.replace(r, object)),
      replaceStatus: (r, object) =>
        write("update", { plural: r.plural, name: `${object.metadata.name}/status` }, () =>
          client.replaceStatus(r, object),
        ),
      patch: (r, ref, patch, options) =>
        write("patch", { plural: r.plural, name: ref.name }, () => client.patch(r, ref, patch, options)),
      apply: (r, object, options) =>
        write("apply", { plural: r.plural, name: object.metadata.name }, () => client.apply(r, object, options)),
      delete: (r, ref, options) =>
        write("delete", { plural: r.plural, name: ref.name }, () => client.delete(r, ref, options)),
      guarded: (writableForMs) => kube(client.guarded(() => (over ? 0 : writableForMs()))),
      withTimeout: (ms) => kube(client.withTimeout(ms)),
      onBehalfOf: (whom) => kube(client.onBehalfOf(whom)),
      withoutWaiting: () => kube(client.withoutWaiting()),
    };
  }

  return {
    deeds,
    turned: turned.promise,
    resume,
    kube,
    bus: (bus) => ({
      ...bus,
      publish: (stream, entry) => deed(`publish ${stream} ${entry.id}`, () => bus.publish(stream, entry)),
    }),
    dialer: (dialer) => ({
      ...dialer,
      fetch: (url, init) => deed(`call ${String(url)}`, () => dialer.fetch(url, init)),
    }),
  };
}
