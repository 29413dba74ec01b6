import { equal, type JsonObject, numberAt, objectAt, stringAt } from "../api/json.ts";
import { type KubeObject, keyOf } from "../api/object.ts";
import { KubeSimError } from "../error.ts";
import { paths } from "../client/paths.ts";
import type { Cluster } from "../controllers/cluster.ts";
import { annotations, commandOf, commandsOf, durationOf } from "./annotations.ts";
import { ContainerRunner } from "./container-runner.ts";
import { ConfigMissing } from "./environment.ts";
import type { ContainerLogs } from "./log-buffer.ts";
import type { KubeletSettings } from "./options.ts";
import { type PodContainer, PretendedContainer, type Role, restartPolicyOf } from "./pod-container.ts";
import { PodContainers } from "./pod-containers.ts";
import { type ContainerPorts, portMap, portsFor } from "./pod-ports.ts";
import { podStatus } from "./pod-status.ts";
import { containerViews } from "./pod-views.ts";
import { PodVolumes } from "./volumes.ts";

const mountRetryMs = 200;

/** Carries one pod from its binding to its end. */
export class PodWorker {
  readonly uid: string;
  #pod: KubeObject;
  readonly #cluster: Cluster;
  readonly #settings: KubeletSettings;
  readonly #address: string;
  readonly #volumes: PodVolumes;
  readonly #ports = new Map<string, ContainerPorts>();
  readonly #startedAt = new Date().toISOString();
  #containers: PodContainers | undefined;
  #fault: string | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<void> | undefined;
  #reporting: Promise<void> = Promise.resolve();
  #stale = false;

  constructor(
    pod: KubeObject,
    o: { cluster: Cluster; settings: KubeletSettings; simulatedAddress: string; volumesDir: string },
  ) {
    this.uid = pod.metadata.uid;
    this.#pod = pod;
    this.#cluster = o.cluster;
    this.#settings = o.settings;
    this.#volumes = new PodVolumes(o.cluster.client, pod, o.volumesDir);
    this.#address = this.#isReal ? "127.0.0.1" : o.simulatedAddress;
  }

  logsOf(container: string): ContainerLogs | undefined {
    return this.#containers?.named(container)?.logs;
  }

  /** Whether any of its containers is a process. */
  get #isReal(): boolean {
    return commandsOf(this.#pod).size > 0;
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
    this.#containers = await PodContainers.of(this.#pod, (spec, role) => this.#make(spec, role));
    if (this.#ports.size > 0) {
      const map = JSON.stringify(portMap(this.#pod, this.#ports));
      this.#pod = await this.#cluster.merge(paths.pods, this.#pod, {
        metadata: { annotations: { [annotations.portMap]: map } },
      });
    }
    if (this.#isReal && !(await this.#mounted())) return;
    this.#event("Normal", "Started", "Started the pod's containers");
    await this.#containers.advance();
  }

  /** False when something that is to be mounted is missing: then it is looked for again until it is there. */
  async #mounted(): Promise<boolean> {
    try {
      await this.#volumes.prepare();
      return true;
    } catch (error) {
      if (!(error instanceof ConfigMissing)) throw error;
      this.#event("Warning", "FailedMount", `MountVolume.SetUp failed: ${error.message}`);
      this.#timer = setTimeout(() => void this.#startMounted(), mountRetryMs);
      return false;
    }
  }

  async #startMounted(): Promise<void> {
    if (this.#ending) return;
    try {
      if (await this.#mounted()) await this.#containers?.advance();
    } catch (error) {
      this.#cluster.log.warn({ err: error, pod: keyOf(this.#pod) }, "volumes not mounted, trying again");
      this.#timer = setTimeout(() => void this.#startMounted(), mountRetryMs);
    }
  }

  /** Brings files that come from the API up to date. */
  async refreshVolumes(): Promise<void> {
    if (!this.#isReal || this.#ending) return;
    try {
      await this.#volumes.refresh(this.#pod);
    } catch (error) {
      // What was deleted stays as it was last seen, as in a real pod.
      this.#cluster.log.debug({ err: error, pod: keyOf(this.#pod) }, "volumes not refreshed");
    }
  }

  /** The pod was changed in the API. */
  update(pod: KubeObject): void {
    const { annotations: given, labels } = this.#pod.metadata;
    const before = given?.[annotations.neverReady];
    const renamed = !equal(labels, pod.metadata.labels) || !equal(given, pod.metadata.annotations);
    this.#pod = pod;
    if (renamed) void this.refreshVolumes();
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
    await this.#containers?.stop(graceMs);
    await this.#reporting;
    this.#volumes.remove();
  }

  async #end(): Promise<void> {
    const graceMs = (numberAt(this.#pod, "metadata", "deletionGracePeriodSeconds") ?? 30) * 1000;
    if (this.#isReal && this.#settings.drainMs > 0 && graceMs > 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, Math.min(this.#settings.drainMs, graceMs));
      });
    }
    await this.abandon(graceMs);
    await this.#cluster.delete(paths.pods, this.#pod, { gracePeriodSeconds: 0 });
  }

  async #make(container: JsonObject, role: Role): Promise<PodContainer> {
    const name = String(container.name);
    const command = commandsOf(this.#pod).get(name);
    const restartPolicy = restartPolicyOf(container, role, stringAt(this.#pod, "spec", "restartPolicy") ?? "Always");
    const onChange = () => this.#changed();
    if (command === undefined) {
      const readyAfterMs = role === "main" ? this.#readyAfterMs() : 0;
      return new PretendedContainer({ endsWell: restartPolicy !== "Always", readyAfterMs, onChange });
    }
    const ports = await portsFor(container);
    this.#ports.set(name, ports);
    // The address is known before the status says so; variables taken from the status need it.
    const status = { ...objectAt(this.#pod, "status"), podIP: this.#address, hostIP: "127.0.0.1" };
    return new ContainerRunner({
      pod: { ...this.#pod, status },
      container,
      command: commandOf(annotations.command, command),
      restartPolicy,
      places: () => ({ ports, mounts: this.#volumes.mounts(container) }),
      client: this.#cluster.client,
      settings: this.#settings,
      graceMs: (numberAt(this.#pod, "spec", "terminationGracePeriodSeconds") ?? 30) * 1000,
      log: this.#cluster.log,
      onChange,
      onEvent: (type, reason, message) => this.#event(type, reason, message),
    });
  }

  #readyAfterMs(): number {
    const given = this.#pod.metadata.annotations?.[annotations.readyAfter];
    return given === undefined ? this.#settings.readyAfterMs : durationOf(annotations.readyAfter, given);
  }

  #changed(): void {
    this.#report();
    this.#containers?.advance().catch((error: unknown) => {
      this.#cluster.log.warn({ err: error, pod: keyOf(this.#pod) }, "container not started");
    });
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
    const known = { pod: this.#pod, containers: this.#containers, fault: this.#fault };
    const status = podStatus({
      pod: latest ?? this.#pod,
      containers: containerViews(known, false),
      initContainers: containerViews(known, true),
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
