import type { JsonObject } from "../api/json.ts";
import type { ContainerLogs } from "./log-buffer.ts";

/** What a container is doing, in the words of a container status. */
export type ContainerState =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | { terminated: { exitCode: number; reason: string; startedAt: string; finishedAt: string } };

/** A container of a pod, whether it is a process or a pretence. `terminated` means that it does not start again. */
export interface PodContainer {
  readonly state: ContainerState;
  readonly lastState: ContainerState | undefined;
  /** Its startup probe has succeeded. */
  readonly started: boolean;
  readonly ready: boolean;
  readonly restarts: number;
  readonly logs: ContainerLogs | undefined;
  start(): Promise<void>;
  /** SIGTERM, SIGKILL after the grace. Resolves when it has ended. */
  stop(graceMs: number): Promise<void>;
}

/** What a container is in its pod: a sidecar is an init container that stays. */
export type Role = "main" | "init" | "sidecar";

/** The role of an init container. */
export function initRole(container: JsonObject): Role {
  return container.restartPolicy === "Always" ? "sidecar" : "init";
}

/** When a container that ended starts again: always, after a failure, or never. */
export function restartPolicyOf(container: JsonObject, role: Role, podPolicy: string): string {
  if (typeof container.restartPolicy === "string") return container.restartPolicy;
  return role === "init" && podPolicy === "Always" ? "OnFailure" : podPolicy;
}

/** A container without a command. It never ends, unless it is meant to: then it has succeeded once it would be ready. */
export class PretendedContainer implements PodContainer {
  state: ContainerState = { waiting: { reason: "PodInitializing" } };
  readonly lastState = undefined;
  readonly restarts = 0;
  readonly logs = undefined;
  started = false;
  ready = false;
  readonly #o: { endsWell: boolean; readyAfterMs: number; onChange: () => void };
  #timer: NodeJS.Timeout | undefined;

  constructor(o: { endsWell: boolean; readyAfterMs: number; onChange: () => void }) {
    this.#o = o;
  }

  async start(): Promise<void> {
    const startedAt = new Date().toISOString();
    this.state = { running: { startedAt } };
    this.#timer = setTimeout(() => {
      this.started = true;
      this.ready = !this.#o.endsWell;
      const finishedAt = new Date().toISOString();
      if (this.#o.endsWell) this.state = { terminated: { exitCode: 0, reason: "Completed", startedAt, finishedAt } };
      this.#o.onChange();
    }, this.#o.readyAfterMs);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
  }
}
