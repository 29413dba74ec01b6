// SIGKILL for the parts of a running demo, and how to see that they are back.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type KubeClient, resources } from "@burgee/kube";
import type { DemoProcess, DemoState } from "./demo-process.ts";
import { type ServiceName, services } from "./service-process.ts";
import { waitFor } from "./wait-for.ts";

/** `emptied`: its data is removed, so that it comes back without a memory. */
export type Victim = ServiceName | "redis" | "redis, emptied" | "prometheus" | "prometheus, emptied";

/** One death, from the signal to the return (epoch milliseconds). */
export interface Death {
  readonly victim: Victim;
  readonly from: number;
  readonly to: number;
}

const serviceNames = new Set<string>(Object.keys(services));
const isService = (victim: Victim): victim is ServiceName => serviceNames.has(victim);

const servers = {
  redis: { command: "redis-server", data: "redis/appendonlydir" },
  prometheus: { command: "prometheus", data: "prometheus/data" },
} as const;

export class Victims {
  readonly deaths: Death[] = [];
  readonly #demo: DemoProcess;
  readonly #state: DemoState;
  readonly #kube: KubeClient;

  constructor(demo: DemoProcess, state: DemoState, kube: KubeClient) {
    this.#demo = demo;
    this.#state = state;
    this.#kube = kube;
  }

  /** Kills all of them at the same moment. Resolves when all are back. */
  async kill(...victims: Victim[]): Promise<void> {
    const groups = this.#demo.processGroups();
    const back = victims.map((victim) => this.#prepare(victim, groups));
    const from = Date.now();
    for (const { group } of back) process.kill(-group, "SIGKILL");
    await Promise.all(
      back.map(async ({ victim, isBack }) => {
        await waitFor(`${victim} to be back`, isBack, { timeoutMs: 60_000, seen: () => this.#demo.output() });
        this.deaths.push({ victim, from, to: Date.now() });
      }),
    );
  }

  #prepare(victim: Victim, groups: ReadonlyMap<string, number>) {
    if (isService(victim)) {
      const command = `apps/${victim}/bin/${victim}`;
      return { victim, group: groupOf(command, groups), isBack: () => this.#isReadyAgain(victim, command, groups) };
    }
    const [name, emptied] = victim.split(", ");
    const { command, data } = servers[name === "redis" ? "redis" : "prometheus"];
    // Before the kill, because it is started again without asking; what is written until then goes to files that nobody finds.
    if (emptied) rmSync(join(this.#state.folder, data), { recursive: true });
    const isBack = () => this.#isRunningAgain(command, groups);
    return { victim, group: groupOf(command, groups), isBack };
  }

  async #isReadyAgain(name: ServiceName, command: string, before: ReadonlyMap<string, number>): Promise<boolean> {
    const group = this.#demo.processGroups().get(command);
    if (group === undefined || group === before.get(command)) return false;
    const { items } = await this.#kube.list(resources.pods, {
      namespace: "burgee-system",
      labelSelector: `app=${name}`,
    });
    const [status] = items.flatMap((pod) => pod.status?.containerStatuses ?? []);
    return status?.ready === true;
  }

  async #isRunningAgain(command: string, before: ReadonlyMap<string, number>): Promise<boolean> {
    const group = this.#demo.processGroups().get(command);
    return group !== undefined && group !== before.get(command);
  }
}

function groupOf(command: string, groups: ReadonlyMap<string, number>): number {
  const group = groups.get(command);
  if (group === undefined) throw new Error(`${command} does not run; there are ${[...groups.keys()].join(", ")}`);
  return group;
}
