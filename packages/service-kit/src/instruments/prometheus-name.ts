export type InstrumentKind = "counter" | "upDownCounter" | "histogram";

/** Units that OpenTelemetry's rules spell out in a Prometheus name; `{things}` are left out. */
const unitWords: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", By: "bytes", "%": "percent" };

/** The name on the Prometheus page, by OpenTelemetry's rules: `http.server.request.duration` in `s` is `http_server_request_duration_seconds`. */
export function prometheusName(kind: InstrumentKind, { name, unit = "" }: { name: string; unit?: string }): string {
  const word = unitWords[unit];
  const plain = prometheusLabel(name);
  const withUnit = word === undefined || plain.endsWith(`_${word}`) ? plain : `${plain}_${word}`;
  return kind === "counter" && !withUnit.endsWith("_total") ? `${withUnit}_total` : withUnit;
}

/** The label for an attribute: `feature_flag.key` is `feature_flag_key`. */
export function prometheusLabel(attribute: string): string {
  return attribute.replaceAll(/[^A-Za-z0-9_]/g, "_");
}
