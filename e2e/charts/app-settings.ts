import {
  ConfigError,
  type ConfigSchema,
  describeConfig,
  type OptionDescription,
  type OptionTable,
  parseConfig,
} from "@burgee/service-kit";
import { configSchema as adminApi } from "../../apps/admin-api/src/config.ts";
import { configSchema as alertDispatcher } from "../../apps/alert-dispatcher/src/config.ts";
import { configSchema as canaryController } from "../../apps/canary-controller/src/config.ts";
import { configSchema as flagd } from "../../apps/flagd/src/config.ts";
import { configSchema as flagdProxy } from "../../apps/flagd-proxy/src/config.ts";
import { configSchema as loadtester } from "../../apps/loadtester/src/config.ts";
import { configSchema as metricsAnalyzer } from "../../apps/metrics-analyzer/src/config.ts";
import { chartFile } from "./chart-folders.ts";

const schemas: Readonly<Record<string, ConfigSchema<OptionTable>>> = {
  "admin-api": adminApi,
  "alert-dispatcher": alertDispatcher,
  "canary-controller": canaryController,
  flagd,
  "flagd-proxy": flagdProxy,
  loadtester,
  "metrics-analyzer": metricsAnalyzer,
};

/** Charts that run an app of ours. */
export const serviceCharts: readonly string[] = Object.keys(schemas);

/** How a pod finds the API is Kubernetes' affair: no value of a chart changes it. */
const givenByKubernetes = new Set([
  "kubeconfig",
  "kubeContext",
  "kubeServer",
  "kubeServiceHost",
  "kubeServicePort",
  "podNamespace",
]);

/** Every option of the app that a chart runs. */
export function optionsOf(chart: string): readonly OptionDescription[] {
  return describeConfig(schemaOf(chart));
}

/** What the app says to arguments in a pod; nothing when it takes them. */
export function readArgs(chart: string, args: readonly string[]): readonly string[] {
  const pod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", KUBERNETES_SERVICE_PORT: "443", POD_NAMESPACE: "burgee-system" };
  try {
    parseConfig(schemaOf(chart), [...args], pod);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function schemaOf(chart: string): ConfigSchema<OptionTable> {
  const schema = schemas[chart];
  if (schema === undefined) throw new Error(`the chart ${chart} runs no app of ours`);
  return schema;
}

/** Names of the options that the chart's own templates set, as settings or from Secrets. */
export function templatedOptions(chart: string): ReadonlySet<string> {
  const text = chartFile(chart, "templates/_service.tpl");
  const settings = bodyOf(text, `${chart}.settings`).matchAll(/^(\w+):/gm);
  const secrets = bodyOf(text, `${chart}.secrets`);
  const library = chartFile("library", "templates/_secrets.tpl");
  const shared = [...secrets.matchAll(/include "(burgee\.\w+)"/g)].map(([, name = ""]) => bodyOf(library, name));
  const fromSecrets = [secrets, ...shared].join("\n").matchAll(/option: (\w+)/g);
  return new Set([...settings, ...fromSecrets].map(([, name = ""]) => name));
}

function bodyOf(text: string, name: string): string {
  const from = text.indexOf(`define "${name}"`);
  if (from < 0) throw new Error(`no template ${name}`);
  const next = text.indexOf("{{- define", from);
  return text.slice(from, next < 0 ? undefined : next);
}

/** The options that remain for `settings` in the chart's values. */
export function freeOptions(chart: string): OptionDescription[] {
  const templated = templatedOptions(chart);
  return optionsOf(chart).filter(({ name }) => !templated.has(name) && !givenByKubernetes.has(name));
}
