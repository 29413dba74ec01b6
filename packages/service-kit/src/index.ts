export type { Clock } from "./clock.ts";
export { systemClock } from "./clock.ts";
export { checkTogether } from "./config/check.ts";
export type { CommandInput, CommandOptions } from "./config/command.ts";
export { defineCommand } from "./config/command.ts";
export type { OptionDescription } from "./config/help.ts";
export { describeConfig, helpText, renderConfigReference } from "./config/help.ts";
export type { Option } from "./config/make-option.ts";
export { option } from "./config/option.ts";
export type {
  ArgumentList,
  Command,
  CommonConfig,
  ConfigCheck,
  ConfigOf,
  ConfigSchema,
  ConfigSettings,
  OptionTable,
  ValuesOf,
} from "./config/schema.ts";
export { ConfigError } from "./config/schema.ts";
export type { Environment } from "./config.ts";
export { defineConfig, parseConfig, processEnvironment } from "./config.ts";
export type { TlsOptions } from "./connector.ts";
export type { DialErrorCode } from "./dial-error.ts";
export { DialError, dialErrorCodes } from "./dial-error.ts";
export type { Dialer, DialerOptions, DispatcherOptions, GrpcTransportOptions } from "./dialer.ts";
export { createDialer } from "./dialer.ts";
export { formatGoDuration, parseGoDuration, tryParseGoDuration } from "./duration.ts";
export { withoutEndlessDeadlines } from "./endless-deadline.ts";
export type { DialedResponse, DialInit } from "./fetch.ts";
export type { Attributes, Family, Instruments, Scope, Series } from "./instruments/instruments.ts";
export type { Count, Distribution } from "./instruments/measures.ts";
export { prometheusName } from "./instruments/prometheus-name.ts";
export type { Kit } from "./kit.ts";
export type { KitErrorCode } from "./kit-error.ts";
export { KitError, kitErrorCodes, messageOf } from "./kit-error.ts";
export type { Logger, LoggerOptions, LogMethod } from "./log.ts";
export { createLogger, logLevels } from "./log.ts";
export { sign, verify } from "./mac.ts";
export type { Management, ManagementRequest, ManagementResponse } from "./management.ts";
export type { Metrics } from "./metrics.ts";
export { createMetrics } from "./metrics.ts";
export { parseJson } from "./parse-json.ts";
export type { Part } from "./part.ts";
export { readBody } from "./read-body.ts";
export type { Readiness, ReadinessCheck, ReadinessStatus, WatchedRemote } from "./readiness.ts";
export { createReadiness, followState } from "./readiness.ts";
export { redactText, redactUrl } from "./redact.ts";
export type { RetryOptions } from "./retry.ts";
export { backOffMs, retry, sleep, sleepUntil } from "./retry.ts";
export { Secret } from "./secret.ts";
export type { RequestHandler, ServeOptions, Server, StreamHandler } from "./serve.ts";
export { serve } from "./serve.ts";
export { runOnce } from "./run-once.ts";
export type { AppInfo } from "./start.ts";
export { start } from "./start.ts";
export type { CollectorOptions } from "./telemetry/settings.ts";
export { version } from "./version.ts";
