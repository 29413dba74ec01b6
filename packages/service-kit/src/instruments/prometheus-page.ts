import { goFloat } from "./go-float.ts";
import type { Attributes, Instrument, Scope, Series } from "./instruments.ts";
import type { Count, Distribution } from "./measures.ts";
import { prometheusLabel } from "./prometheus-name.ts";

const types = { counter: "counter", upDownCounter: "gauge", histogram: "histogram" } as const;

/** The instruments in Prometheus' text format, those with nothing measured left out. `resource` becomes `target_info`. */
export function prometheusPage(instruments: readonly Instrument[], resource: Attributes): string {
  const blocks = new Map<string, { head: string; lines: string[] }>();
  for (const instrument of instruments) {
    const lines = linesOf(instrument);
    if (lines.length === 0) continue;
    const name = instrument.prometheusName;
    const head = `# HELP ${name} ${escapeHelp(instrument.help)}\n# TYPE ${name} ${types[instrument.kind]}`;
    // Instruments of several scopes may share a name; a page may have each name once.
    const block = blocks.get(name) ?? { head, lines: [] };
    block.lines.push(...lines);
    blocks.set(name, block);
  }
  if (blocks.size === 0) return "";
  const texts = [...blocks]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { head, lines }]) => [head, ...lines].join("\n"));
  return `${[...texts, targetInfo(resource)].join("\n")}\n`;
}

function targetInfo(resource: Attributes): string {
  return `# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info${labelText(labelsOf(resource))} 1`;
}

function linesOf(instrument: Instrument): string[] {
  const { prometheusName: name, scope } = instrument;
  if (instrument.kind === "histogram") {
    return [...instrument.series()].flatMap((series) => histogramLines(name, scope, series));
  }
  return [...instrument.series()].map((series) => countLine(name, scope, series));
}

function countLine(name: string, scope: Scope | undefined, { attributes, measure }: Series<Count>): string {
  return `${name}${labelText(labelsOf(attributes, scope))} ${goFloat(measure.value)}`;
}

function histogramLines(
  name: string,
  scope: Scope | undefined,
  { attributes, measure }: Series<Distribution>,
): string[] {
  const labels = labelsOf(attributes, scope);
  const lines: string[] = [];
  let count = 0;
  measure.counts.forEach((times, at) => {
    count += times;
    const bound = measure.bounds[at];
    lines.push(
      `${name}_bucket${labelText([...labels, ["le", bound === undefined ? "+Inf" : goFloat(bound)]])} ${goFloat(count)}`,
    );
  });
  const text = labelText(labels);
  return [...lines, `${name}_sum${text} ${goFloat(measure.sum)}`, `${name}_count${text} ${goFloat(count)}`];
}

type Label = readonly [string, string];

function labelsOf(attributes: Attributes, scope?: Scope): Label[] {
  const labels = Object.entries(attributes).map(([name, value]): Label => [prometheusLabel(name), value]);
  if (scope !== undefined) {
    labels.push(["otel_scope_name", scope.name], ["otel_scope_schema_url", scope.schemaUrl ?? ""]);
    labels.push(["otel_scope_version", scope.version ?? ""]);
  }
  return labels.sort(([a], [b]) => (a < b ? -1 : 1));
}

function labelText(labels: readonly Label[]): string {
  if (labels.length === 0) return "";
  return `{${labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(",")}}`;
}

function escapeValue(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
