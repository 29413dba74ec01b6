import { type CollectorOptions, option, type ValuesOf } from "@burgee/service-kit";

/** Upstream's settings of telemetry. OpenTelemetry's own variables win over them. */
export const otelOptions = {
  metricsExporter: option.string({
    default: "",
    short: "t",
    about: "otel sends the metrics to --otel-collector-uri instead of showing them at /metrics",
  }),
  otelCollectorUri: option.string({
    default: "",
    short: "o",
    about: "OTLP collector for traces, over gRPC: HOST:PORT or a URL",
  }),
  otelCertPath: option.string({ default: "", short: "D", about: "PEM certificate shown to the collector" }),
  otelKeyPath: option.string({ default: "", short: "K", about: "PEM key of --otel-cert-path" }),
  otelCaPath: option.string({
    default: "",
    short: "A",
    about: "PEM certificate authorities of the collector; a collector without a scheme is called with TLS then",
  }),
  otelReloadInterval: option.duration({
    default: "1h",
    short: "I",
    about: "how often the collector's TLS files are read again",
  }),
};

/** Where these settings send telemetry. */
export function collectorOptions(config: ValuesOf<typeof otelOptions>): CollectorOptions {
  const file = (path: string): string | undefined => (path === "" ? undefined : path);
  return {
    collector: config.otelCollectorUri,
    metrics: config.metricsExporter === "otel",
    files: { ca: file(config.otelCaPath), cert: file(config.otelCertPath), key: file(config.otelKeyPath) },
    reloadMs: config.otelReloadInterval,
    sampleAll: true,
  };
}
