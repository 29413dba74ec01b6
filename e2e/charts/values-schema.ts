import type { OptionDescription } from "@burgee/service-kit";
import { serviceCharts, freeOptions } from "./app-settings.ts";
import { umbrella } from "./chart-folders.ts";
import type { ValueEntry } from "./values-file.ts";

type Schema = Record<string, unknown>;

/** The values.schema.json of a chart: what the defaults and comments of its values.yaml say. Unknown keys are refused. */
export function valuesSchema(chart: string, entries: readonly ValueEntry[], dependencies: readonly string[]): Schema {
  const schema = objectOf(entries, chart);
  const properties: Schema = {
    ...schema.properties,
    library: { type: "object", description: "Helm adds it for every chart below." },
  };
  if (chart === umbrella) {
    // The chart of the service refuses what it does not know.
    for (const name of dependencies) {
      const own = properties[name];
      if (typeof own === "object" && own !== null) properties[name] = { ...own, additionalProperties: true };
    }
  } else {
    properties.global = { type: "object", description: "What several services share: see the chart burgee." };
    properties.enabled = { type: "boolean", description: "Read by the chart burgee." };
  }
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Values of the chart ${chart}`,
    ...schema,
    properties,
  };
}

function objectOf(entries: readonly ValueEntry[], chart: string) {
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(entries.map((entry) => [entry.key, schemaOf(entry, chart)])),
  };
}

function schemaOf(entry: ValueEntry, chart: string): Schema {
  const description = entry.about === "" ? {} : { description: entry.about };
  if (entry.isSettings) return { ...description, ...settingsSchema(chart) };
  if (entry.entries.length > 0) return { ...description, ...objectOf(entry.entries, chart) };
  const { value } = entry;
  // A free map such as annotations or a node selector.
  const type = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
  return { ...description, type, default: value, ...entry.schema };
}

function settingsSchema(chart: string): Schema {
  if (!serviceCharts.includes(chart)) throw new Error(`the chart ${chart} runs no app, expected no @settings`);
  const options = freeOptions(chart);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(options.map((option) => [option.name, optionSchema(option)])),
  };
}

function optionSchema({ type, about }: OptionDescription): Schema {
  if (type === "boolean") return { type, description: about };
  if (type === "integer" || type === "port") return { type: "integer", description: about };
  if (type === "number") return { type: "number", description: about };
  if (type === "list") return { type: ["array", "string"], items: { type: "string" }, description: about };
  const choices = type.includes("|") ? { enum: type.split("|") } : {};
  return { type: "string", ...choices, description: about };
}
