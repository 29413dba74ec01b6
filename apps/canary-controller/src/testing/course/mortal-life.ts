// A controller's life that ends at a chosen moment: everything it says to the world goes through here and is counted.
import type { EventBus } from "@burgee/event-bus";
import type { KubeClient } from "@burgee/kube";
import type { Dialer } from "@burgee/service-kit";

/** Counts what a controller does to the world, and lets nothing more of it happen from one moment on. */
export interface MortalLife {
  /** What was done, in order: `update canaries/podinfo/status`, `publish alerts …`, `call http://…`. Leases are not among it. */
  readonly deeds: readonly string[];
  /** Resolves when the last deed is done; never for a life without an end. */
  readonly over: Promise<void>;
  /** Ends it now. */
  end(): void;
  kube(client: KubeClient): KubeClient;
  bus(bus: EventBus): EventBus;
  dialer(dialer: Dialer): Dialer;
}

/**
 * A life that ends right after so many deeds: the last one happened, its answer reaches nobody. Later calls never return, as to a
 * process that no longer exists.
 */
export function createMortalLife(o: { endsAfter?: number | undefined } = {}): MortalLife {
  const deeds: string[] = [];
  const { promise: over, resolve: tellOver } = Promise.withResolvers<void>();
  let alive = true;

  function end(): void {
    alive = false;
    tellOver();
  }

  async function whileAlive<T>(call: () => Promise<T>): Promise<T> {
    if (!alive) return never();
    const result = await call().catch((error: unknown) => {
      if (alive) throw error;
      return never();
    });
    return alive ? result : never();
  }

  const deed = <T>(name: string, call: () => Promise<T>): Promise<T> =>
    whileAlive(async () => {
      const result = await call();
      if (!alive) return result;
      deeds.push(name);
      if (deeds.length === o.endsAfter) end();
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
      guarded: (writableForMs) => kube(client.guarded(() => (alive ? writableForMs() : 0))),
      withTimeout: (ms) => kube(client.withTimeout(ms)),
      onBehalfOf: (whom) => kube(client.onBehalfOf(whom)),
      withoutWaiting: () => kube(client.withoutWaiting()),
    };
  }

  return {
    deeds,
    over,
    end,
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

function never(): Promise<never> {
  return new Promise(() => undefined);
}
