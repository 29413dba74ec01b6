import { randomBytes } from "node:crypto";
import { Collection } from "./collection.ts";
import { Http, type Target } from "./http.ts";
import { widgetDefinition } from "./widget.ts";

const runLabel = "conformance.burgee.dev/run";

/** The namespace in which the cases of a topic work, and the collections in it. */
export class Place {
  readonly http: Http;
  readonly namespace: string;
  readonly run: string;
  readonly #count: { last: number };

  /** `count`: what names are made from; places of a run share it. */
  constructor(http: Http, o: { run: string; namespace: string; count: { last: number } }) {
    this.http = http;
    this.#count = o.count;
    this.run = o.run;
    this.namespace = o.namespace;
  }

  /** A name that nothing else of the run has. */
  name(): string {
    return `n${++this.#count.last}-${this.run}`;
  }

  /** The label by which everything of this run is known. */
  get label(): Record<string, string> {
    return { [runLabel]: this.run };
  }

  /** The API group of this run's own custom kinds. */
  get group(): string {
    return `${this.run}.conformance.burgee.dev`;
  }

  /** A collection in the namespace: `configmaps`, `apps/v1/deployments`. */
  in(kind: string, namespace: string = this.namespace): Collection {
    const parts = kind.split("/");
    const root = parts.length === 1 ? "/api/v1" : `/apis/${parts.slice(0, -1).join("/")}`;
    return new Collection(this.http, `${root}/namespaces/${namespace}/${parts.at(-1)}`);
  }

  /** A collection of the cluster. */
  all(kind: string): Collection {
    const parts = kind.split("/");
    return new Collection(this.http, parts.length === 1 ? `/api/v1/${kind}` : `/apis/${kind}`);
  }

  get maps(): Collection {
    return this.in("configmaps");
  }

  get deployments(): Collection {
    return this.in("apps/v1/deployments");
  }

  /** The custom kind of the run. */
  get widgets(): Collection {
    return this.in(`${this.group}/v1/widgets`);
  }

  get definitions(): Collection {
    return this.all("apiextensions.k8s.io/v1/customresourcedefinitions");
  }
}

/** A run of the suite: what it makes in the cluster, and its removal. */
export class Run {
  readonly http: Http;
  readonly id = randomBytes(4).toString("hex").replace(/^\d/, "r");
  readonly #places: Place[] = [];
  readonly #count = { last: 0 };

  constructor(target: Target) {
    this.http = new Http(target);
  }

  /** Makes what all topics use: the custom kind. Rejects when it is not served within 15 seconds. */
  async prepare(): Promise<void> {
    const place = new Place(this.http, { run: this.id, namespace: "default", count: this.#count });
    const made = await place.definitions.create(widgetDefinition(place));
    if (made.status !== 201) throw new Error(`cannot define the custom kind: ${JSON.stringify(made.body)}`);
    await until(async () => (await place.all(`${place.group}/v1/widgets`).list()).status === 200);
  }

  /** Makes the namespace of a topic. */
  async place(topic: string): Promise<Place> {
    const namespace = `conformance-${topic}-${this.id}`;
    const place = new Place(this.http, { run: this.id, namespace, count: this.#count });
    this.#places.push(place);
    const made = await place.all("namespaces").create({ metadata: { name: namespace, labels: place.label } });
    if (made.status !== 201) throw new Error(`cannot make namespace ${namespace}: ${JSON.stringify(made.body)}`);
    // Pods need their account; where a controller makes it this is a 409.
    await place.in("serviceaccounts").create({ metadata: { name: "default" } });
    return place;
  }

  /** Removes what the run made: its definitions and its namespaces. `bare`: no controller does the rest. */
  async clean(bare: boolean): Promise<void> {
    const first = this.#places[0];
    const query = { labelSelector: `${runLabel}=${this.id}` };
    if (first) for (const kind of clusterKinds) await first.all(kind).remove("", undefined, query);
    await Promise.all(this.#places.map((place) => removeNamespace(place, bare)));
    this.http.close();
  }
}

const clusterKinds = [
  "apiextensions.k8s.io/v1/customresourcedefinitions",
  "rbac.authorization.k8s.io/v1/clusterroles",
  "rbac.authorization.k8s.io/v1/clusterrolebindings",
];

const kinds = [
  ...["configmaps", "secrets", "services", "serviceaccounts", "events", "pods"],
  ...[
    "apps/v1/deployments",
    "apps/v1/replicasets",
    "coordination.k8s.io/v1/leases",
    "discovery.k8s.io/v1/endpointslices",
  ],
  ...["autoscaling/v2/horizontalpodautoscalers", "rbac.authorization.k8s.io/v1/roles"],
  "rbac.authorization.k8s.io/v1/rolebindings",
];

async function removeNamespace(place: Place, bare: boolean): Promise<void> {
  for (const kind of kinds) await place.in(kind).remove("", { gracePeriodSeconds: 0 });
  const namespaces = place.all("namespaces");
  await namespaces.remove(place.namespace);
  if (!bare) return;
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name: place.namespace }, spec: { finalizers: [] } };
  await namespaces.replace(`${place.namespace}/finalize`, body);
}

/** Waits for a condition. Rejects when it does not come true within the deadline. */
export async function until(condition: () => Promise<boolean>, deadlineMs = 15_000): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`a condition did not come true within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
