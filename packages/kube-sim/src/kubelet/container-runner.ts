import { join } from "node:path";
import { isObject, type JsonObject, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { ApiClient } from "../client/api-client.ts";
import type { SimLog } from "../log.ts";
import { type ContainerProcess, startContainer } from "./container-process.ts";
import { ConfigMissing, environmentOf } from "./environment.ts";
import { LogBuffer } from "./log-buffer.ts";
import type { KubeletSettings } from "./options.ts";
import { type ContainerPorts, portVariables, withPorts } from "./pod-ports.ts";
import { Prober, probeOnce } from "./probe.ts";

/** What a container is doing, in the words of a container status. */
export type ContainerState =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | { terminated: { exitCode: number; reason: string; startedAt: string; finishedAt: string } };

const longestDelayFactor = 40;
/** A container that has run this long starts over with the first delay. */
const steadyMs = 10_000;

/** Runs one container as a process: starts it, probes it, starts it again when it crashes. */
export class ContainerRunner {
  readonly logs = new LogBuffer();
  state: ContainerState = { waiting: { reason: "ContainerCreating" } };
  lastState: ContainerState | undefined;
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
    const { pod, container, command, ports, client, settings } = this.#o;
    const started = Date.now();
    try {
      const env = { ...this.#baseEnv(), ...(await environmentOf(client, pod, container)), ...portVariables(ports) };
      if (this.#stopped) return;
      const [file, ...args] = command;
      const name = `${pod.metadata.namespace}_${pod.metadata.name}_${container.name}.log`;
      const running = startContainer({
        command: [withPorts(file, ports), ...args.map((arg) => withPorts(arg, ports))],
        env: Object.fromEntries(Object.entries(env).map(([key, value]) => [key, withPorts(value, ports)])),
        cwd: settings.cwd,
        onOutput: (chunk) => this.logs.write(chunk),
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

  get isEnded(): boolean {
    return "terminated" in this.state;
  }

  #baseEnv(): Record<string, string> {
    const { pod, settings } = this.#o;
    const { name, namespace = "default" } = pod.metadata;
    const inherited = ["PATH", "HOME", "LANG", "TMPDIR"].flatMap((key) => {
      const value = process.env[key];
      return value === undefined ? [] : [[key, value]];
    });
    const proxy = settings.proxyUrl && proxyVariables(settings.proxyUrl, namespace);
    const own = { HOSTNAME: name, POD_NAME: name, POD_NAMESPACE: namespace, POD_IP: "127.0.0.1" };
    return { ...Object.fromEntries(inherited), ...own, ...proxy, ...settings.env };
  }

  #startProbes(): void {
    const { container, ports, settings } = this.#o;
    const port = (wanted: unknown) => ports.byName[String(wanted)] ?? (typeof wanted === "number" ? wanted : undefined);
    const { readinessProbe, livenessProbe, startupProbe } = container;
    const gate = isObject(startupProbe) && !isObject(readinessProbe) ? startupProbe : readinessProbe;
    if (isObject(gate)) {
      const ask = () => probeOnce(gate, port);
      this.#probers.push(
        new Prober(gate, { ask, eagerMs: settings.eagerProbeMs, onVerdict: (well) => this.#setReady(well) }),
      );
    } else this.ready = true;
    if (!isObject(livenessProbe)) return;
    const ask = () => probeOnce(livenessProbe, port);
    const onVerdict = (well: boolean) => {
      if (well) return;
      this.#o.onEvent("Warning", "Unhealthy", `Container ${container.name} failed liveness probe, will be restarted`);
      this.#stopProbes();
      void this.#process?.stop(this.#o.graceMs);
    };
    this.#probers.push(new Prober(livenessProbe, { ask, eagerMs: Number.POSITIVE_INFINITY, onVerdict }));
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
    this.ready = false;
    const terminated = {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      startedAt: new Date(started).toISOString(),
      finishedAt: new Date().toISOString(),
    };
    this.state = { terminated };
    if (this.#stopped) return;
    const policy = stringAt(this.#o.pod, "spec", "restartPolicy") ?? "Always";
    const over = policy === "Never" || (policy === "OnFailure" && exitCode === 0);
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
  ports: ContainerPorts;
  client: ApiClient;
  settings: KubeletSettings;
  graceMs: number;
  log: SimLog;
  /** State or readiness is another. */
  onChange(): void;
  onEvent(type: "Normal" | "Warning", reason: string, message: string): void;
}

/** The user name in the proxy's URL tells it which namespace a bare Service name means. */
function proxyVariables(proxyUrl: string, namespace: string): Record<string, string> {
  const url = new URL(proxyUrl);
  url.username = namespace;
  url.password = "pod";
  const proxy = url.href.replace(/\/$/, "");
  const direct = "127.0.0.1,localhost,::1";
  return {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
