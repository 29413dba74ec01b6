import { systemClock } from "./clock.ts";
import { type CommonConfig, ConfigError } from "./config/schema.ts";
import { createDialer } from "./dialer.ts";
import type { Kit } from "./kit.ts";
import { createLifecycle } from "./lifecycle.ts";
import { createLogger } from "./log.ts";
import { createManagement } from "./management.ts";
import { createMetrics } from "./metrics.ts";
import type { Part } from "./part.ts";
import { createReadiness } from "./readiness.ts";
import { sleep } from "./retry.ts";
import type { Secret } from "./secret.ts";
import type { Server } from "./serve.ts";
import { describeResource } from "./telemetry/resource.ts";
import type { TelemetrySettings } from "./telemetry/settings.ts";
import { createTelemetry, type Telemetry } from "./telemetry/telemetry.ts";

/** What `start` has found out before the app is built. */
export interface AppOptions {
  readonly name: string;
  readonly version: string;
  readonly config: CommonConfig;
  /** Never appear in the log. */
  readonly secrets: readonly Secret[];
  /** HTTP status of /readyz while starting and stopping. */
  readonly notReadyStatus: number;
  readonly telemetry: TelemetrySettings & { readonly sampleAll: boolean };
  /** Tells of a configuration that only the app itself could judge. Returns the exit code. */
  readonly badConfig: (problems: readonly string[]) => number;
  /** Ends the process. */
  readonly exit: (code: number) => void;
}

/** One app's life, apart from the process that it runs in. */
export interface App {
  /** Resolves when the app is started (or has begun to stop). */
  run(build: (kit: Kit) => Promise<readonly Part[]>): Promise<void>;
  /** The first signal stops the app in order, the second one at once. */
  signal(name: string): void;
  /** Says why and exits 1 without waiting for anything. */
  crash(reason: unknown, phrase: string): void;
}

/** An app that is not started yet: its log, metrics, readiness and dialer are there, its port is not open. */
export function createApp(o: AppOptions): App {
  const { config } = o;
  const log = createLogger({ name: o.name, level: config.logLevel, format: config.logFormat, secrets: o.secrets });
  const resource = describeResource({ name: o.name, version: o.version, given: o.telemetry.resource });
  const metrics = createMetrics({ process: true, resource });
  metrics
    .gauge({ name: "burgee_build_info", help: "1; the labels say what runs", labelNames: ["service", "version"] })
    .set({ service: o.name, version: o.version }, 1);
  const readiness = createReadiness();
  const management = createManagement({ log, metrics, readiness, name: o.name, notReadyStatus: o.notReadyStatus });
  const dialer = createDialer({
    outgoingProxy: config.outgoingProxy,
    egressAllow: config.egressAllow,
    userAgent: `burgee-${o.name}/${o.version}`,
  });
  const lifecycle = createLifecycle(log);
  const stopped = new AbortController();
  let server: Server | undefined;
  let telemetry: Telemetry | undefined;
  let exitCode: number | undefined;

  readiness.onChange(({ status, checks }) => {
    if (status === "degraded") log.warn({ checks }, "degraded");
    else log.info({ status }, "readiness changed");
  });

  const stop = async (code: number): Promise<void> => {
    if (exitCode !== undefined) return;
    exitCode = code;
    readiness.stopping();
    await sleep(config.drainDelay);
    stopped.abort(new Error(`${o.name} is stopping`));
    const clean = await lifecycle.stop(config.shutdownTimeout);
    await telemetry?.stop();
    await dialer.close();
    await server?.close(1_000);
    log.info({ clean }, "stopped");
    o.exit(exitCode === 0 && !clean ? 1 : exitCode);
  };
  const endWith = (code: number): void => {
    stop(code).catch((err: unknown) => {
      log.fatal({ err }, "stopping failed");
      o.exit(1);
    });
  };
  const fail = (err: unknown): void => {
    log.fatal({ err }, "failed");
    endWith(1);
  };
  return {
    async run(build) {
      try {
        server = await management.listen(config.managementPort);
        const { name, version, telemetry: settings } = o;
        const { sampleAll } = settings;
        telemetry = await createTelemetry({ name, version, settings, sampleAll, resource, metrics, dialer, log });
        const { tracer, tracing } = telemetry;
        const kit: Kit = {
          log,
          metrics,
          readiness,
          dialer,
          tracer,
          tracing,
          signal: stopped.signal,
          clock: systemClock,
          management,
          fail,
          finish: endWith,
        };
        await lifecycle.start(await build(kit));
        readiness.started();
        log.info({ version: o.version, managementPort: server.port }, "started");
      } catch (error) {
        if (exitCode !== undefined) return;
        if (error instanceof ConfigError) endWith(o.badConfig(error.problems));
        else fail(error);
      }
    },
    signal(name) {
      if (exitCode !== undefined) {
        log.warn({ signal: name }, "second signal, exiting at once");
        o.exit(1);
        return;
      }
      log.info({ signal: name }, "stopping");
      endWith(0);
    },
    crash(reason, phrase) {
      log.fatal({ err: reason }, phrase);
      o.exit(1);
    },
  };
}
