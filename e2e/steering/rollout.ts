// A rollout that a person steers through the admin API.
import { type KubeClient, type KubeEvent, type KubeObject, resource, resources } from "@burgee/kube";
import type { KubeSim } from "@burgee/kube-sim";
import { waitFor } from "../wait-for.ts";

interface Canary extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly run?: number;
    readonly canaryWeight?: number;
    readonly targetRevision?: string;
    readonly waitingFor?: string;
    readonly paused?: object;
    readonly lastAction?: { readonly action: string; readonly actor: string; readonly outcome: string };
  };
}
const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const name = "podinfo";

/** What it lives in, and how people show who they are. */
export interface Surroundings {
  readonly sim: KubeSim;
  readonly client: KubeClient;
  readonly gatesUrl: string;
  /** URL of the admin API. */
  readonly admin: string;
  tokenOf(person: string): string;
}

/** A workload and its Canary, whose gates are closed. */
export class Rollout {
  readonly #namespace: string;
  readonly #around: Surroundings;

  constructor(namespace: string, around: Surroundings) {
    this.#namespace = namespace;
    this.#around = around;
  }

  async begin(): Promise<void> {
    const namespace = this.#namespace;
    const gate = (type: string) => ({ name: type, type, url: `${this.#around.gatesUrl}${namespace}` });
    const webhooks = [gate("confirm-traffic-increase"), gate("confirm-promotion")];
    await this.#around.sim.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      this.#deployment("v1"),
      {
        apiVersion: "flagger.app/v1beta1",
        kind: "Canary",
        metadata: { name, namespace },
        spec: {
          targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          service: { port: 80, gatewayRefs: [{ name: "public" }] },
          analysis: { interval: "200ms", threshold: 2, maxWeight: 40, stepWeight: 20, webhooks },
        },
      },
    );
    await this.is({ phase: "Initialized" });
    await this.#around.sim.apply(this.#deployment("v2"));
    await this.is({ phase: "Progressing", waitingFor: "confirm-traffic-increase" });
  }

  async act(who: string | undefined, body: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.#around.admin}/api/canaries/${this.#namespace}/${name}/actions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(who && { authorization: `Bearer ${this.#around.tokenOf(who)}` }),
        ...headers,
      },
      body: JSON.stringify(body),
    });
    const answer: { error?: { message: string } } = JSON.parse(await response.text());
    return { status: response.status, message: answer.error?.message ?? "", answer };
  }

  get = () => this.#around.client.get(canaries, { namespace: this.#namespace, name });

  /** Waits until the status has these fields. */
  async is(wanted: NonNullable<Canary["status"]>): Promise<void> {
    await this.when(JSON.stringify(wanted), ({ status }) =>
      Object.entries(wanted).every(([field, value]) => Reflect.get(status ?? {}, field) === value),
    );
  }

  async when(what: string, holds: (canary: Canary) => boolean): Promise<void> {
    let seen: Canary | undefined;
    const look = async () => {
      seen = await this.get();
      return holds(seen);
    };
    const show = () => JSON.stringify(seen?.status);
    await waitFor(`${this.#namespace}: ${what}`, look, { timeoutMs: 30_000, seen: show });
  }

  /** Waits until the timeline tells it. */
  async tells(message: string): Promise<{ actor?: string }> {
    let found: { actor?: string } | undefined;
    const look = async () => {
      found = (await this.timeline()).find((entry) => entry.message === message);
      return found !== undefined;
    };
    await waitFor(`${this.#namespace} to tell ${message}`, look, { timeoutMs: 10_000 });
    return found ?? {};
  }

  async timeline(): Promise<{ message: string; actor?: string }[]> {
    const headers = { authorization: `Bearer ${this.#around.tokenOf("eve")}` };
    const response = await fetch(`${this.#around.admin}/api/timeline?canary=${this.#namespace}/${name}`, { headers });
    const { items }: { items: { message: string; actor?: string }[] } = JSON.parse(await response.text());
    return items;
  }

  async events(): Promise<string[]> {
    const { items } = await this.#around.client.list<KubeEvent>(resources.events, { namespace: this.#namespace });
    return items.map(({ reason, message }) => `${reason}: ${message}`);
  }

  #deployment(version: string): object {
    const labels = { app: name };
    const annotations = { "sim.burgee.dev/ready-after": "10ms" };
    const containers = [{ name, image: `${name}:${version}` }];
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: this.#namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec: { containers } },
      },
    };
  }
}
