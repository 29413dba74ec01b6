import { get } from "node:http";
import { connect } from "node:net";
import { isObject, type JsonObject, numberAt, objectsAt, stringAt } from "../api/json.ts";
import { grpcProbe } from "./grpc-probe.ts";

/** Asks a container once whether it is well. `port` finds the real port of a container port. */
export function probeOnce(probe: JsonObject, port: (port: unknown) => number | undefined): Promise<boolean> {
  const timeoutMs = (numberAt(probe, "timeoutSeconds") ?? 1) * 1000;
  if (isObject(probe.httpGet)) return httpProbe(probe.httpGet, port(probe.httpGet.port), timeoutMs);
  if (isObject(probe.tcpSocket)) return tcpProbe(port(probe.tcpSocket.port), timeoutMs);
  if (isObject(probe.grpc)) {
    const real = port(probe.grpc.port);
    return real === undefined
      ? Promise.resolve(false)
      : grpcProbe(real, stringAt(probe.grpc, "service") ?? "", timeoutMs);
  }
  // exec has no container to run in: the process being there has to do.
  return Promise.resolve(true);
}

function httpProbe(action: JsonObject, port: number | undefined, timeoutMs: number): Promise<boolean> {
  if (port === undefined) return Promise.resolve(false);
  const headers: Record<string, string> = { "user-agent": "kube-probe/1.35", connection: "close" };
  for (const header of objectsAt(action, "httpHeaders")) headers[String(header.name)] = String(header.value);
  return new Promise((resolve) => {
    const options = {
      host: "127.0.0.1",
      port,
      path: stringAt(action, "path") ?? "/",
      headers,
      agent: false,
      timeout: timeoutMs,
    };
    const request = get(options, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 400);
    });
    request.once("timeout", () => request.destroy(new Error("probe timed out")));
    request.once("error", () => resolve(false));
  });
}

function tcpProbe(port: number | undefined, timeoutMs: number): Promise<boolean> {
  if (port === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, timeout: timeoutMs });
    const end = (well: boolean) => {
      socket.destroy();
      resolve(well);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}

/** A probe that is asked over and over, with the thresholds of its spec. */
export class Prober {
  readonly #spec: JsonObject;
  readonly #ask: () => Promise<boolean>;
  readonly #onVerdict: (well: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #verdict: boolean | undefined;
  readonly #patient: boolean;
  readonly #since = performance.now();
  #streak = 0;
  #last: boolean | undefined;
  #stopped = false;

  /** `patient`: however eagerly it asks, a failure is a verdict only after the time that the spec gives in all. */
  constructor(
    spec: JsonObject,
    o: { ask: () => Promise<boolean>; eagerMs: number; patient?: boolean; onVerdict: (well: boolean) => void },
  ) {
    this.#patient = o.patient === true;
    this.#spec = spec;
    this.#ask = o.ask;
    this.#onVerdict = o.onVerdict;
    const delayMs = (numberAt(spec, "initialDelaySeconds") ?? 0) * 1000;
    this.#timer = setTimeout(() => void this.#round(o.eagerMs), delayMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  get #patienceMs(): number {
    const failures = numberAt(this.#spec, "failureThreshold") ?? 3;
    const seconds = numberAt(this.#spec, "initialDelaySeconds") ?? 0;
    return (seconds + failures * (numberAt(this.#spec, "periodSeconds") ?? 10)) * 1000;
  }

  /** Until the first success it asks eagerly, so that a simulated cluster is quick; then at the period of the spec. */
  async #round(eagerMs: number): Promise<void> {
    const well = await this.#ask();
    if (this.#stopped) return;
    this.#streak = well === this.#last ? this.#streak + 1 : 1;
    this.#last = well;
    const threshold = numberAt(this.#spec, well ? "successThreshold" : "failureThreshold") ?? (well ? 1 : 3);
    if (!well && this.#patient && performance.now() - this.#since < this.#patienceMs) this.#streak = 0;
    if (this.#streak >= threshold && this.#verdict !== well) {
      this.#verdict = well;
      this.#onVerdict(well);
    } else if (!well && this.#streak >= threshold && this.#verdict === false) this.#onVerdict(false);
    if (this.#stopped) return;
    const periodMs = (numberAt(this.#spec, "periodSeconds") ?? 10) * 1000;
    this.#timer = setTimeout(
      () => void this.#round(eagerMs),
      this.#verdict === true ? periodMs : Math.min(eagerMs, periodMs),
    );
  }
}
