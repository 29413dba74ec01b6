import type { Environment } from "../config.ts";
import { pairsFrom } from "./pairs.ts";

export type Signal = "traces" | "metrics";

/** Files of a TLS connection; undefined where none is given. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** How one signal reaches its collector. */
export interface OtlpSettings {
  readonly protocol: "grpc" | "http/protobuf";
  /** Complete: for HTTP with the signal's path. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly gzip: boolean;
  readonly files: TlsFiles;
  /** The files are read again after this time. */
  readonly reloadMs: number;
}

export type Exporter =
  | { readonly kind: "none" }
  | { readonly kind: "console" }
  | ({ readonly kind: "otlp" } & OtlpSettings);

export interface TelemetrySettings {
  readonly traces: Exporter;
  /** `none`: they stay on the page of /metrics. */
  readonly metrics: Exporter;
  readonly metricIntervalMs: number;
  /** Attributes that the environment gives. */
  readonly resource: Readonly<Record<string, string>>;
  /** What could not be understood and is left out. */
  readonly problems: readonly string[];
}

/** What an app's own settings say; OpenTelemetry's variables win over them. */
export interface CollectorOptions {
  /** Collector for traces, and for metrics when `metrics` is set. Over gRPC unless the environment says otherwise. */
  readonly collector?: string;
  /** Collector for traces over HTTP. */
  readonly httpCollector?: string | undefined;
  readonly metrics?: boolean;
  readonly files?: TlsFiles;
  readonly reloadMs?: number;
  /** Record every request, also when its caller does not. */
  readonly sampleAll?: boolean;
}

const none: Exporter = { kind: "none" };
const hour = 3_600_000;

/** Reads OpenTelemetry's standard variables over the app's own settings. Pure; whatever is wrong turns its signal off and is a problem. */
export function readTelemetry(env: Environment, o: CollectorOptions): TelemetrySettings {
  const problems: string[] = [];
  const given = (name: string): string | undefined => (env[name] === "" ? undefined : env[name]);
  const ofSignal = (signal: Signal, name: string): string | undefined =>
    given(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`) ?? given(`OTEL_EXPORTER_OTLP_${name}`);

  const numberOf = (label: string, text: string | undefined, fallback: number): number => {
    const value = Number(text ?? fallback);
    if (Number.isFinite(value) && value > 0) return value;
    problems.push(`${label} is ${JSON.stringify(text)}, expected a number of milliseconds`);
    return fallback;
  };

  const exporterOf = (signal: Signal, fallback: string): Exporter => {
    const name = `OTEL_${signal.toUpperCase()}_EXPORTER`;
    const chosen = given(name) ?? fallback;
    // Prometheus is what /metrics shows anyway.
    if (chosen === "none" || (signal === "metrics" && chosen === "prometheus")) return none;
    if (chosen === "console") return { kind: "console" };
    if (chosen === "otlp") return otlpOf(signal);
    problems.push(
      `${name} is ${JSON.stringify(chosen)}, expected otlp, console${signal === "metrics" ? ", prometheus" : ""} or none`,
    );
    return none;
  };

  const otlpOf = (signal: Signal): Exporter => {
    const viaHttp = o.httpCollector !== undefined && (o.collector ?? "") === "";
    const flag = viaHttp ? o.httpCollector : o.collector;
    const protocol =
      ofSignal(signal, "PROTOCOL") ?? (flag === undefined || flag === "" || viaHttp ? "http/protobuf" : "grpc");
    if (protocol !== "grpc" && protocol !== "http/protobuf") {
      problems.push(`OTEL_EXPORTER_OTLP_PROTOCOL is ${JSON.stringify(protocol)}, expected grpc or http/protobuf`);
      return none;
    }
    const files = {
      ca: ofSignal(signal, "CERTIFICATE") ?? o.files?.ca,
      cert: ofSignal(signal, "CLIENT_CERTIFICATE") ?? o.files?.cert,
      key: ofSignal(signal, "CLIENT_KEY") ?? o.files?.key,
    };
    const url = endpointOf(signal, protocol, {
      own: given(`OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`),
      shared: given("OTEL_EXPORTER_OTLP_ENDPOINT") ?? (flag === "" ? undefined : flag),
      secure: Object.values(files).some((file) => file !== undefined) && ofSignal(signal, "INSECURE") !== "true",
    });
    if (url === undefined) {
      problems.push(
        `the endpoint of the OTLP ${signal} exporter is not a URL, expected http://HOST:PORT, https://HOST:PORT or HOST:PORT`,
      );
      return none;
    }
    const headers = pairsFrom(ofSignal(signal, "HEADERS") ?? "");
    problems.push(...headers.problems.map((problem) => `OTEL_EXPORTER_OTLP_HEADERS: ${problem}`));
    return {
      kind: "otlp",
      protocol,
      url,
      headers: headers.pairs,
      timeoutMs: numberOf("OTEL_EXPORTER_OTLP_TIMEOUT", ofSignal(signal, "TIMEOUT"), 10_000),
      gzip: ofSignal(signal, "COMPRESSION") === "gzip",
      files,
      reloadMs: o.reloadMs ?? hour,
    };
  };

  const hasCollector = (o.collector ?? "") !== "";
  const traced =
    hasCollector || o.httpCollector !== undefined || ofSignal("traces", "ENDPOINT") !== undefined ? "otlp" : "none";
  const attributes = pairsFrom(given("OTEL_RESOURCE_ATTRIBUTES") ?? "");
  problems.push(...attributes.problems.map((problem) => `OTEL_RESOURCE_ATTRIBUTES: ${problem}`));
  const serviceName = given("OTEL_SERVICE_NAME");
  return {
    traces: exporterOf("traces", traced),
    metrics: exporterOf("metrics", o.metrics === true && hasCollector ? "otlp" : "none"),
    metricIntervalMs: numberOf("OTEL_METRIC_EXPORT_INTERVAL", given("OTEL_METRIC_EXPORT_INTERVAL"), 60_000),
    resource: { ...attributes.pairs, ...(serviceName !== undefined && { "service.name": serviceName }) },
    problems,
  };
}

interface Endpoints {
  readonly own: string | undefined;
  readonly shared: string | undefined;
  readonly secure: boolean;
}

/** A signal's own endpoint is taken as it is; the shared one gets the signal's path for HTTP. Undefined for what is no URL. */
function endpointOf(signal: Signal, protocol: OtlpSettings["protocol"], o: Endpoints): string | undefined {
  const text = o.own ?? o.shared ?? (protocol === "grpc" ? "http://localhost:4317" : "http://localhost:4318");
  const full = /^[a-z][a-z+.-]*:\/\//i.test(text) ? text : `${o.secure ? "https" : "http"}://${text}`;
  if (!URL.canParse(full) || !/^https?:$/.test(new URL(full).protocol)) return undefined;
  return protocol === "grpc" || o.own !== undefined ? full : `${full.replace(/\/$/, "")}/v1/${signal}`;
}
