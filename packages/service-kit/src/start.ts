import { createApp } from "./app.ts";
import type { CommonConfig, ConfigOf, ConfigSchema, OptionTable } from "./config/schema.ts";
import { processEnvironment } from "./config.ts";
import { configure, type ProgramInfo, tellProblems } from "./configure.ts";
import type { Kit } from "./kit.ts";
import type { Part } from "./part.ts";
import { Secret } from "./secret.ts";
import { type CollectorOptions, readTelemetry, type TelemetrySettings } from "./telemetry/settings.ts";
import { version } from "./version.ts";

/** A service as `start` takes it. */
export interface AppInfo<T extends OptionTable> extends ProgramInfo<T> {
  /** Status of /readyz while starting and stopping, where upstream's is not 503. */
  readonly notReadyStatus?: number;
  /** Where the app's own settings send telemetry; OpenTelemetry's variables and `--otlp-endpoint` need nothing of the app. */
  readonly telemetry?: (config: ConfigOf<ConfigSchema<T>>) => CollectorOptions;
}

/** Makes the app's parts in the order in which they start. Remotes that are away are the parts' business: it must not reject for them. */
export type Build<T extends OptionTable> = (config: ConfigOf<ConfigSchema<T>>, kit: Kit) => Promise<readonly Part[]>;

/**
 * Runs an app for the life of the process: configuration → logger → management port → parts → ready.
 * SIGTERM and SIGINT: not ready → drain delay → parts stop in reverse order → exit 0; a second signal exits at once.
 * A bad configuration prints every problem and exits 2; a failed start, a failed part or an unhandled rejection exits 1.
 */
export async function start<T extends OptionTable>(info: AppInfo<T>, build: Build<T>): Promise<void> {
  const config = await configure(info);
  if (config !== undefined) await run(info, config, build);
}

async function run<T extends OptionTable>(
  info: AppInfo<T>,
  config: ConfigOf<ConfigSchema<T>>,
  build: Build<T>,
): Promise<void> {
  const app = createApp({
    name: info.name,
    version,
    config: commonOf(config),
    secrets: Object.values(config).filter((value) => value instanceof Secret),
    notReadyStatus: info.notReadyStatus ?? 503,
    telemetry: telemetryOf(commonOf(config), info.telemetry?.(config) ?? {}),
    badConfig: (problems) => tellProblems(info, problems),
    exit: (code) => process.exit(code),
  });
  for (const name of ["SIGTERM", "SIGINT"] as const) process.on(name, () => app.signal(name));
  process.on("uncaughtException", (error) => app.crash(error, "uncaught exception"));
  process.on("unhandledRejection", (reason) => app.crash(reason, "unhandled rejection"));
  await app.run((kit) => build(config, kit));
}

function telemetryOf(
  { otlpEndpoint }: CommonConfig,
  o: CollectorOptions,
): TelemetrySettings & { readonly sampleAll: boolean } {
  const settings = readTelemetry(processEnvironment(), { httpCollector: otlpEndpoint, ...o });
  return { ...settings, sampleAll: o.sampleAll ?? false };
}

/** The common settings; those that an app declared itself have the same types. */
function commonOf(config: object): CommonConfig {
  if (!isCommon(config)) throw new TypeError("the configuration lacks the common settings");
  return config;
}

function isCommon(config: object): config is CommonConfig {
  return "managementPort" in config && "logLevel" in config && "shutdownTimeout" in config && "drainDelay" in config;
}
