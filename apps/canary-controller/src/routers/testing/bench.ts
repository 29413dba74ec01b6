// One router at work on a simulated API, the way a controller uses it.
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { apiVersionOf, createKubeClient, type KubeClient, type KubeObject, type Resource } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { canaryOf } from "../../testing/objects.ts";
import { nextCookies } from "../http/cookies.ts";
import type { Cookies, ObservedRoutes, RouteContext, Router, Split } from "../router.ts";
import type { RouterCase } from "./cases.ts";
import type { Shape } from "./shapes.ts";

const istioKinds = fileURLToPath(new URL("../../../testdata/crds/istio.yaml", import.meta.url));

/** An API that knows the kinds of every router, and nobody who reacts to them. */
export async function startRouterApi(): Promise<{ sim: KubeSim; client: KubeClient; stop(): Promise<void> }> {
  const sim = await startKubeSim({ crds: [istioKinds], controllers: false, kubelet: false, gateway: false });
  const client = createKubeClient({ server: sim.url, log: captureLogger("routers").log, userAgent: "router" });
  await sim.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "test" } });
  return {
    sim,
    client,
    async stop() {
      await client.close();
      await sim.stop();
    },
  };
}

/** Plays the controller's part for one Canary: keeps its cookies, observes before it acts. */
export class Bench {
  canary: Canary;
  readonly #client: KubeClient;
  readonly #router: Router;
  readonly #kinds: RouterCase["kinds"];
  #cookies: Cookies = {};

  constructor(o: { client: KubeClient; router: Router; kinds: RouterCase["kinds"]; shape: Shape }) {
    this.#client = o.client;
    this.#router = o.router;
    this.#kinds = o.kinds;
    const { service, analysis = {} } = o.shape;
    this.canary = canaryOf({ service: { port: 80, gatewayRefs: [{ name: "gateway" }], ...service } }, analysis);
  }

  observe(): Promise<ObservedRoutes> {
    return this.#router.observe(this.#context());
  }

  async reconcile(seen?: ObservedRoutes): Promise<void> {
    await this.#router.reconcile(this.#context(), seen ?? (await this.observe()));
  }

  async setRoutes(split: Split, seen?: ObservedRoutes): Promise<void> {
    await this.#router.setRoutes(this.#context(), seen ?? (await this.observe()), split);
    this.#cookies = nextCookies(this.canary, this.#cookies, split);
  }

  async finalize(): Promise<void> {
    await this.#router.finalize(this.#context(), await this.observe());
  }

  /** The router's objects without what the API server adds. */
  async objects(): Promise<Record<string, object>> {
    const found: Record<string, object> = {};
    for (const kind of this.#kinds) {
      const { items } = await this.#client.list(kind, { namespace: "test" });
      for (const item of items) found[`${kind.plural}/${item.metadata.name}`] = asWritten(kind, item);
    }
    return found;
  }

  /** Patches objects by `plural/name`. */
  async patch(patches: Readonly<Record<string, object>>): Promise<void> {
    for (const [path, patch] of Object.entries(patches)) {
      await this.#client.patch(...this.#at(path), patch, { type: "merge" });
    }
  }

  async delete(path: string): Promise<void> {
    await this.#client.delete(...this.#at(path));
  }

  #at(path: string): [Resource<KubeObject>, { namespace: string; name: string }] {
    const [plural, name = ""] = path.split("/");
    const kind = this.#kinds.find((of) => of.plural === plural);
    if (kind === undefined) throw new Error(`no kind ${plural}`);
    return [kind, { namespace: "test", name }];
  }

  #context(): RouteContext {
    const label = { key: "app", value: "app" };
    return { client: this.#client, canary: this.canary, label, cookies: this.#cookies, intervalMs: 60_000 };
  }
}

function asWritten(kind: Resource, { metadata, spec }: KubeObject & { spec: object }): object {
  const { name, namespace, labels = {}, annotations, ownerReferences } = metadata;
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    // The API may keep an empty map, or not.
    metadata: { name, namespace, ...(Object.keys(labels).length > 0 && { labels }), annotations, ownerReferences },
    spec,
  };
}
