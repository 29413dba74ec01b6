import { join } from "node:path";
import { isObject, type JsonObject } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { SimLog } from "../log.ts";
import { baseEnvironment } from "./base-environment.ts";
import { type ContainerProcess, startContainer } from "./container-process.ts";
import { ConfigMissing, environmentOf } from "./environment.ts";
import { ContainerLogs } from "./log-buffer.ts";
import type { KubeletSettings } from "./options.ts";
import { fillPlaces, type Places } from "./placeholders.ts";
import type { ContainerState, PodContainer } from "./pod-container.ts";
import { portVariables } from "./pod-ports.ts";
import { Prober, probeOnce } from "./probe.ts";

const longestDelayFactor = 40;
/** A container that has run this long starts over with the first delay. */
const steadyMs = 10_000;

/** Runs one container as a process: starts it, probes it, starts it again when it crashes. */
export class ContainerRunner implements PodContainer {
  readonly logs = new ContainerLogs();
  state: ContainerState = { waiting: { reason: "ContainerCreating" } };
  lastState: ContainerState | undefined;
  started = false;
  ready = false;
  restarts = 0;
  readonly #o: RunnerOptions;
  #process: ContainerProcess | undefined;
  #probers: Prober[] = [];
  #timer: NodeJS.Timeout | undefined;
  #delayMs: number;
  #stopped = false;

  constructor(o: RunnerOptions) {
    this.#o = o;
    this.#delayMs = o.settings.restartDelayMs;
  }

  async start(): Promise<void> {
    const { pod, container, command, client, settings } = this.#o;
    const started = Date.now();
    try {
      const places = this.#o.places();
      const env = {
        ...baseEnvironment(pod, settings),
        ...(await environmentOf(client, pod, container)),
        ...portVariables(places.ports),
      };
      if (this.#stopped) return;
      const fill = (text: string) => fillPlaces(text, places);
      const output = this.logs.begin();
      const [file, ...args] = command;
      const name = `${pod.metadata.namespace}_${pod.metadata.name}_${container.name}.log`;
      const running = startContainer({
        command: [fill(file), ...args.map(fill)],
        env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, fill(value)])),
        cwd: settings.cwd,
        onOutput: (chunk) => output.write(chunk),
        ...(settings.logDir !== undefined && { logFile: join(settings.logDir, name) }),
      });
      this.#process = running;
      this.state = { running: { startedAt: new Date(started).toISOString() } };
      this.#startProbes();
      this.#o.onChange();
      void running.exited.then((code) => this.#ended(code, started));
    } catch (error) {
      const missing = error instanceof ConfigMissing;
      const message = error instanceof Error ? error.message : String(error);
      this.state = { waiting: { reason: missing ? "CreateContainerConfigError" : "CreateContainerError", message } };
      this.#o.onChange();
      this.#later();
    }
  }

  /** SIGTERM, SIGKILL after the grace. Resolves when the process is gone. */
  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#stopProbes();
    await this.#process?.stop(graceMs);
  }

  /** The startup probe first; the others count from its success on. */
  #startProbes(): void {
    const { startupProbe } = this.#o.container;
    this.started = !isObject(startupProbe);
    const onVerdict = (well: boolean) => {
      this.#stopProbes();
      if (!well) return this.#restart("startup");
      this.started = true;
      this.#startLasting();
      return this.#o.onChange();
    };
    if (isObject(startupProbe)) this.#probe(startupProbe, { eager: true, patient: true, onVerdict });
    else this.#startLasting();
  }

  #startLasting(): void {
    const { readinessProbe, livenessProbe } = this.#o.container;
    if (isObject(readinessProbe))
      this.#probe(readinessProbe, { eager: true, onVerdict: (well) => this.#setReady(well) });
    else this.ready = true;
    if (isObject(livenessProbe))
      this.#probe(livenessProbe, { eager: false, onVerdict: (well) => well || this.#restart("liveness") });
  }

  #probe(spec: JsonObject, o: { eager: boolean; patient?: boolean; onVerdict: (well: boolean) => void }): void {
    const { byName } = this.#o.places().ports;
    const port = (wanted: unknown) => byName[String(wanted)] ?? (typeof wanted === "number" ? wanted : undefined);
    const eagerMs = o.eager ? this.#o.settings.eagerProbeMs : Number.POSITIVE_INFINITY;
    this.#probers.push(new Prober(spec, { ...o, eagerMs, ask: () => probeOnce(spec, port) }));
  }

  #restart(probe: string): void {
    const { container, graceMs, onEvent } = this.#o;
    onEvent("Warning", "Unhealthy", `Container ${container.name} failed ${probe} probe, will be restarted`);
    this.#stopProbes();
    void this.#process?.stop(graceMs);
  }

  #setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    if (!ready) this.#o.onEvent("Warning", "Unhealthy", "Readiness probe failed");
    this.#o.onChange();
  }

  #stopProbes(): void {
    for (const prober of this.#probers) prober.stop();
    this.#probers = [];
  }

  #ended(exitCode: number, started: number): void {
    this.#stopProbes();
    this.#process = undefined;
    const policy = this.#o.restartPolicy;
    const over = this.#stopped || policy === "Never" || (policy === "OnFailure" && exitCode === 0);
    this.logs.end({ another: !over });
    this.started = false;
    this.ready = false;
    const terminated = {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      startedAt: new Date(started).toISOString(),
      finishedAt: new Date().toISOString(),
    };
    this.state = { terminated };
    if (this.#stopped) return;
    if (!over) this.#startAgain(terminated, started);
    this.#o.onChange();
  }

  #startAgain(
    terminated: { exitCode: number; reason: string; startedAt: string; finishedAt: string },
    started: number,
  ): void {
    const { pod, container, settings, log, onEvent } = this.#o;
    const { exitCode } = terminated;
    this.lastState = { terminated };
    if (Date.now() - started > steadyMs) this.#delayMs = settings.restartDelayMs;
    const message = `back-off ${this.#delayMs}ms restarting failed container ${container.name}, exit code ${exitCode}`;
    this.state = { waiting: { reason: "CrashLoopBackOff", message } };
    log.debug({ pod: pod.metadata.name, exitCode, delayMs: this.#delayMs }, "container ended");
    onEvent("Warning", "BackOff", message);
    this.restarts++;
    this.#later();
  }

  #later(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.start(), this.#delayMs);
    this.#delayMs = Math.min(this.#delayMs * 2, this.#o.settings.restartDelayMs * longestDelayFactor);
  }
}

/** What a runner needs. */
export interface RunnerOptions {
  pod: KubeObject;
  container: JsonObject;
  command: readonly [string, ...string[]];
  /** Always, OnFailure or Never. */
  restartPolicy: string;
  places(): Places;
  client: ApiClient;
  settings: KubeletSettings;
  graceMs: number;
  log: SimLog;
  /** State or readiness is another. */
  onChange(): void;
  onEvent(type: "Normal" | "Warning", reason: string, message: string): void;
}
