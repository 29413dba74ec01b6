import { type JsonObject, numberAt, objectAt, objectsAt, stringAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { KubeSimError } from "../error.ts";
import { paths } from "../client/paths.ts";
import type { Cluster } from "../controllers/cluster.ts";
import { annotations, commandOf, durationOf } from "./annotations.ts";
import { ContainerRunner, type ContainerState } from "./container-runner.ts";
import type { LogBuffer } from "./log-buffer.ts";
import type { KubeletSettings } from "./options.ts";
import { type ContainerPorts, portMap, portsFor } from "./pod-ports.ts";
import { type ContainerView, podStatus } from "./pod-status.ts";

/** Carries one pod from its binding to its end. */
export class PodWorker {
  readonly uid: string;
  #pod: KubeObject;
  readonly #cluster: Cluster;
  readonly #settings: KubeletSettings;
  readonly #address: string;
  readonly #runners = new Map<string, ContainerRunner>();
  readonly #startedAt = new Date().toISOString();
  #simulatedReady = false;
  #fault: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  #reporting: Promise<void> = Promise.resolve();
  #stale = false;

  constructor(pod: KubeObject, o: { cluster: Cluster; settings: KubeletSettings; simulatedAddress: string }) {
    this.uid = pod.metadata.uid;
    this.#pod = pod;
    this.#cluster = o.cluster;
    this.#settings = o.settings;
    const real = this.#commands().size > 0;
    this.#address = real ? "127.0.0.1" : o.simulatedAddress;
  }

  logsOf(container: string): LogBuffer | undefined {
    return this.#runners.get(container)?.logs;
  }

  /** Starts the containers. A command that cannot be read leaves the pod waiting and says why in its status. */
  async start(): Promise<void> {
    try {
      await this.#startContainers();
    } catch (error) {
      if (!(error instanceof KubeSimError) || error.code !== "bad_annotation") throw error;
      this.#fault = error.message;
      this.#event("Warning", "Failed", error.message);
    }
    this.#report();
  }

  async #startContainers(): Promise<void> {
    const ports = new Map<string, ContainerPorts>();
    const commands = this.#commands();
    for (const container of objectsAt(this.#pod, "spec", "containers")) {
      const name = String(container.name);
      const command = commands.get(name);
      if (!command) continue;
      const real = await portsFor(container);
      ports.set(name, real);
      this.#runners.set(
        name,
        this.#runner(container, { command: commandOf(annotations.command, command), ports: real }),
      );
    }
    if (ports.size > 0) {
      const map = JSON.stringify(portMap(this.#pod, ports));
      this.#pod = await this.#cluster.merge(paths.pods, this.#pod, {
        metadata: { annotations: { [annotations.portMap]: map } },
      });
    }
    this.#event("Normal", "Started", "Started the pod's containers");
    await Promise.all([...this.#runners.values()].map((runner) => runner.start()));
    if (this.#runners.size < objectsAt(this.#pod, "spec", "containers").length) this.#scheduleReadiness();
  }

  /** The pod was changed in the API. */
  update(pod: KubeObject): void {
    const before = this.#pod.metadata.annotations?.[annotations.neverReady];
    this.#pod = pod;
    if (before !== pod.metadata.annotations?.[annotations.neverReady]) this.#report();
  }

  /** Ends the pod as its deletion asks for, then tells the API that it is gone. */
  end(): Promise<void> {
    this.#ending ??= this.#end().catch((error: unknown) => {
      this.#ending = undefined;
      throw error;
    });
    return this.#ending;
  }

  /** Ends the processes without telling the API. */
  async abandon(graceMs: number): Promise<void> {
    clearTimeout(this.#timer);
    await Promise.all([...this.#runners.values()].map((runner) => runner.stop(graceMs)));
    await this.#reporting;
  }

  async #end(): Promise<void> {
    const graceMs = (numberAt(this.#pod, "metadata", "deletionGracePeriodSeconds") ?? 30) * 1000;
    if (this.#runners.size > 0 && this.#settings.drainMs > 0 && graceMs > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(this.#settings.drainMs, graceMs));
      });
    }
    await this.abandon(graceMs);
    await this.#cluster.delete(paths.pods, this.#pod, { gracePeriodSeconds: 0 });
  }

  #commands(): Map<string, string> {
    const commands = new Map<string, string>();
    const given = this.#pod.metadata.annotations ?? {};
    objectsAt(this.#pod, "spec", "containers").forEach((container, index) => {
      const name = String(container.name);
      const command = given[`${annotations.command}.${name}`] ?? (index === 0 ? given[annotations.command] : undefined);
      if (command !== undefined) commands.set(name, command);
    });
    return commands;
  }

  #runner(container: JsonObject, o: { command: [string, ...string[]]; ports: ContainerPorts }): ContainerRunner {
    // The address is known before the status says so; variables taken from the status need it.
    const pod = {
      ...this.#pod,
      status: { ...objectAt(this.#pod, "status"), podIP: this.#address, hostIP: "127.0.0.1" },
    };
    return new ContainerRunner({
      pod,
      container,
      ...o,
      client: this.#cluster.client,
      settings: this.#settings,
      graceMs: (numberAt(pod, "spec", "terminationGracePeriodSeconds") ?? 30) * 1000,
      log: this.#cluster.log,
      onChange: () => this.#report(),
      onEvent: (type, reason, message) => this.#event(type, reason, message),
    });
  }

  #scheduleReadiness(): void {
    const given = this.#pod.metadata.annotations?.[annotations.readyAfter];
    const afterMs = given === undefined ? this.#settings.readyAfterMs : durationOf(annotations.readyAfter, given);
    this.#timer = setTimeout(() => {
      this.#simulatedReady = true;
      this.#report();
    }, afterMs);
  }

  #views(): ContainerView[] {
    const never = this.#pod.metadata.annotations?.[annotations.neverReady] === "true";
    return objectsAt(this.#pod, "spec", "containers").map((container) => {
      const name = String(container.name);
      const runner = this.#runners.get(name);
      const waiting: ContainerState | undefined =
        this.#fault === undefined
          ? undefined
          : { waiting: { reason: "CreateContainerConfigError", message: this.#fault } };
      const simulated = this.#simulatedState();
      return {
        name,
        image: String(container.image),
        ready: !never && !waiting && (runner ? runner.ready : this.#simulatedReady && "running" in simulated),
        restarts: runner?.restarts ?? 0,
        state: waiting ?? runner?.state ?? simulated,
        lastState: runner?.lastState,
      };
    });
  }

  /** What only pretends to run never ends, unless it is meant to: then it has succeeded once it would be ready. */
  #simulatedState(): ContainerState {
    const forever = (stringAt(this.#pod, "spec", "restartPolicy") ?? "Always") === "Always";
    if (forever || !this.#simulatedReady) return { running: { startedAt: this.#startedAt } };
    const finishedAt = new Date().toISOString();
    return { terminated: { exitCode: 0, reason: "Completed", startedAt: this.#startedAt, finishedAt } };
  }

  /** Writes the status; changes that come while one write is on its way are put into the next. */
  #report(): void {
    if (this.#ending) return;
    if (this.#stale) return;
    this.#stale = true;
    this.#reporting = this.#reporting.then(async () => {
      this.#stale = false;
      await this.#writeStatus();
    });
  }

  async #writeStatus(): Promise<void> {
    const latest = this.#cluster.informer(paths.pods).get(keyOf(this.#pod));
    if (latest && latest.metadata.uid !== this.uid) return;
    const status = podStatus({
      pod: latest ?? this.#pod,
      containers: this.#views(),
      podIP: this.#address,
      startedAt: this.#startedAt,
      restartPolicy: stringAt(this.#pod, "spec", "restartPolicy") ?? "Always",
    });
    try {
      await this.#cluster.merge(paths.pods, this.#pod, { status }, "status");
    } catch (error) {
      this.#cluster.log.debug({ err: error, pod: keyOf(this.#pod) }, "pod status not written");
    }
  }

  #event(type: "Normal" | "Warning", reason: string, message: string): void {
    this.#cluster.event(this.#pod, { type, reason, message, component: "kubelet" });
  }
}
