import { type JsonObject, objectsAt, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import { initRole, type PodContainer, type Role } from "./pod-container.ts";

interface Member {
  readonly spec: JsonObject;
  readonly role: Role;
  readonly container: PodContainer;
  launched: boolean;
}

/** Makes a container of a pod. */
export type MakeContainer = (spec: JsonObject, role: Role) => Promise<PodContainer>;

/**
 * The containers of a pod in their order: init containers one after the other, sidecars staying, then the others all at
 * once; sidecars end after everything else.
 */
export class PodContainers {
  readonly #members: readonly Member[];
  readonly #restarts: boolean;
  #stopping = false;

  private constructor(members: readonly Member[], restarts: boolean) {
    this.#members = members;
    this.#restarts = restarts;
  }

  static async of(pod: KubeObject, make: MakeContainer): Promise<PodContainers> {
    const members: Member[] = [];
    for (const spec of objectsAt(pod, "spec", "initContainers")) {
      const role = initRole(spec);
      members.push({ spec, role, container: await make(spec, role), launched: false });
    }
    for (const spec of objectsAt(pod, "spec", "containers")) {
      members.push({ spec, role: "main", container: await make(spec, "main"), launched: false });
    }
    return new PodContainers(members, (stringAt(pod, "spec", "restartPolicy") ?? "Always") === "Always");
  }

  /** Containers with their specs: the init containers and sidecars, or the others. */
  list(init: boolean): readonly Pick<Member, "spec" | "role" | "container">[] {
    return this.#members.filter(({ role }) => (role === "main") !== init);
  }

  named(name: string): PodContainer | undefined {
    return this.#members.find(({ spec }) => spec.name === name)?.container;
  }

  /** Starts what may start now. To be called after every change of a container. */
  async advance(): Promise<void> {
    if (this.#stopping) return;
    for (const member of this.#members.filter(({ role }) => role !== "main")) {
      await launch(member);
      const { container, role } = member;
      if (role === "sidecar" ? !container.started : !hasSucceeded(container)) return;
    }
    const main = this.#members.filter(({ role }) => role === "main");
    await Promise.all(main.map(launch));
    if (!this.#restarts && main.every(({ container }) => "terminated" in container.state)) await this.#stopSidecars(0);
  }

  /** Ends the containers, sidecars last and in reverse. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const until = performance.now() + graceMs;
    const others = this.#members.filter(({ role }) => role !== "sidecar");
    await Promise.all(others.map(({ container }) => container.stop(graceMs)));
    await this.#stopSidecars(Math.max(0, until - performance.now()));
  }

  async #stopSidecars(graceMs: number): Promise<void> {
    for (const { role, container } of this.#members.toReversed()) {
      // One that does not listen to SIGTERM is to have a moment all the same.
      if (role === "sidecar") await container.stop(Math.max(graceMs, 1_000));
    }
  }
}

async function launch(member: Member): Promise<void> {
  if (member.launched) return;
  member.launched = true;
  await member.container.start();
}

function hasSucceeded({ state }: PodContainer): boolean {
  return "terminated" in state && state.terminated.exitCode === 0;
}
