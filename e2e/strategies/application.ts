// An application of one story: a namespace with a Gateway, a workload and its Canary.
import { once } from "node:events";
import { get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type HTTPRoute, type KubeClient, type KubeObject, resource, resources } from "@burgee/kube";
import type { KubeSim } from "@burgee/kube-sim";
import { waitFor } from "../wait-for.ts";
import { Visitor } from "./visitor.ts";

interface Canary extends KubeObject {
  readonly status?: {
    readonly phase?: string;
    readonly iterations?: number;
    readonly routes?: { readonly canary: number };
  };
}
const canaries = resource<Canary>("flagger.app", "v1beta1", "canaries", "Canary");
const program = join(import.meta.dirname, "versioned-app.ts");
const name = "app";

/** Gates that open as far as told, by canary weight; asked by hooks. */
export interface Gates {
  readonly url: string;
  /** Lets the canary of a namespace pass every gate up to this weight. */
  open(namespace: string, upToWeight: number): void;
}

export class Application {
  readonly #namespace: string;
  readonly #client: KubeClient;
  readonly #sim: KubeSim;
  readonly #gates: Gates;
  readonly #log: () => string;
  readonly #visitors: Visitor[] = [];

  constructor(o: { namespace: string; client: KubeClient; sim: KubeSim; gates: Gates; log: () => string }) {
    this.#namespace = o.namespace;
    this.#client = o.client;
    this.#sim = o.sim;
    this.#gates = o.gates;
    this.#log = o.log;
  }

  /** Applies version 1 and waits until the primary has taken over. */
  async start(analysis: object): Promise<void> {
    const namespace = this.#namespace;
    const gate = (type: string) => ({ name: type, type, url: `${this.#gates.url}${namespace}`, timeout: "5s" });
    const listeners = [{ name: "http", protocol: "HTTP", port: 80 }];
    await this.#sim.apply(
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: { name: "public", namespace },
        spec: { gatewayClassName: "sim", listeners },
      },
      this.#deployment("v1"),
      {
        apiVersion: "flagger.app/v1beta1",
        kind: "Canary",
        metadata: { name, namespace },
        spec: {
          targetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          service: { port: 80, targetPort: "http", gatewayRefs: [{ name: "public" }] },
          analysis: {
            interval: "500ms",
            threshold: 2,
            webhooks: [gate("confirm-traffic-increase"), gate("confirm-promotion")],
            ...analysis,
          },
        },
      },
    );
    await this.reaches("Initialized");
  }

  /** Version 2. */
  async release(): Promise<void> {
    await this.#sim.apply(this.#deployment("v2"));
  }

  /** Opens the gates up to a weight of the canary. */
  proceed(upToWeight: number): void {
    this.#gates.open(this.#namespace, upToWeight);
  }

  async reaches(phase: string): Promise<void> {
    await this.#when(phase, ({ status }) => status?.phase === phase);
  }

  /** Waits until the gateway has taken the split of a weight and of so many iterations. */
  async holds(at: { weight: number; iterations?: number }): Promise<void> {
    const { weight, iterations = 0 } = at;
    await this.#when(`weight ${weight}, iteration ${iterations}`, async ({ status }) => {
      if (status?.phase !== "Progressing" && status?.phase !== "WaitingPromotion") return false;
      if ((status.routes?.canary ?? 0) !== weight || (status.iterations ?? 0) < iterations) return false;
      return isTaken(await this.#client.get(resources.httpRoutes, { namespace: this.#namespace, name }));
    });
  }

  /** A visitor through the Gateway, who stays until the end. */
  visitor(headers: Record<string, string> = {}): Visitor {
    const address = this.#sim.gatewayAddress(this.#namespace, "public");
    if (address === undefined) throw new Error(`Gateway ${this.#namespace}/public does not listen`);
    const visitor = new Visitor(`http://${address.host}:${address.port}/`, headers);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** What every visitor had to put up with; they leave. */
  async complaints(): Promise<string[]> {
    await Promise.all(this.#visitors.map((visitor) => visitor.leave()));
    return this.#visitors.flatMap(({ failures }) => failures);
  }

  /** How many visitors the canary's only pod counts, copies among them. */
  async canaryVisitors(): Promise<number> {
    const { hostname, port } = new URL(this.#sim.proxyUrl);
    const path = `http://${name}-canary.${this.#namespace}/visitors`;
    const [response] = await once(get({ hostname, port, path }), "response");
    return Number(await text(response));
  }

  async #when(what: string, is: (canary: Canary) => boolean | Promise<boolean>): Promise<void> {
    let seen: Canary | undefined;
    const look = async () => {
      seen = await this.#client.get(canaries, { namespace: this.#namespace, name });
      return is(seen);
    };
    const show = () => `${JSON.stringify(seen?.status)}\n${this.#log()}`;
    await waitFor(`${this.#namespace}: ${what}`, look, { timeoutMs: 60_000, seen: show });
  }

  #deployment(version: string): object {
    const labels = { app: name };
    const annotations = { "sim.burgee.dev/command": JSON.stringify([process.execPath, program]) };
    const container = {
      name,
      image: `${name}:${version}`,
      ports: [{ name: "http", containerPort: 8080 }],
      env: [{ name: "VERSION", value: version }],
      readinessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 1 },
    };
    return {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace: this.#namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec: { containers: [container] } },
      },
    };
  }
}

/** The gateway has seen the latest generation. */
function isTaken({ metadata, status }: HTTPRoute): boolean {
  const accepted = status?.parents?.[0]?.conditions?.find(({ type }) => type === "Accepted");
  return accepted?.status === "True" && accepted.observedGeneration === metadata.generation;
}
