import { freeOptions } from "./app-settings.ts";
import type { ValueEntry } from "./values-file.ts";

/** The values of a chart as a Markdown table: name, default, meaning. */
export function valuesTable(chart: string, entries: readonly ValueEntry[]): string {
  const rows = entries.flatMap((entry) => rowsOf(entry, "", chart));
  return ["| value | default | meaning |", "| --- | --- | --- |", ...rows].join("\n");
}

function rowsOf(entry: ValueEntry, path: string, chart: string): string[] {
  const name = `${path}${entry.key}`;
  if (entry.entries.length > 0) return entry.entries.flatMap((child) => rowsOf(child, `${name}.`, chart));
  const row = `| \`${name}\` | \`${JSON.stringify(entry.value)}\` | ${cell(entry.about)} |`;
  if (!entry.isSettings) return [row];
  const options = freeOptions(chart).map((option) => {
    const given = option.default === undefined ? "" : `\`${JSON.stringify(option.default)}\``;
    return `| \`${name}.${option.name}\` | ${given} | ${cell(option.about)} |`;
  });
  return [row, ...options];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
