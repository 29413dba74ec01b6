// Writes the reference pages that are made from the code: reference.mjs FOLDER. Called by generate.mjs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAdminMetrics } from "../apps/admin-api/src/metrics.ts";
import { createDispatcherMetrics } from "../apps/alert-dispatcher/src/metrics.ts";
import { createRolloutMetrics } from "../apps/canary-controller/src/metrics.ts";
import { measureLifecycle } from "../apps/flagd/src/lifecycle.ts";
import { createFlagdMetrics } from "../apps/flagd/src/metrics.ts";
import { createProxyMetrics } from "../apps/flagd-proxy/src/metrics.ts";
import { createLoadtesterMetrics } from "../apps/loadtester/src/metrics.ts";
import { createAnalyzerMetrics } from "../apps/metrics-analyzer/src/metrics.ts";
import { createBusMetrics } from "../packages/event-bus/src/metrics.ts";
import { createFlagStore } from "../packages/flag-sync/src/store.ts";
import { workQueueMetrics } from "../packages/kube/src/work-queue-metrics.ts";
import { createMetrics, renderConfigReference } from "../packages/service-kit/src/index.ts";

const made = "<!-- Made by `npm run generate` from the code: do not edit. -->";

/** Which metrics each service registers; a test holds this list to the sources. */
const services = {
  flagd: [
    (metrics) => {
      const { evaluations } = createFlagdMetrics(metrics);
      measureLifecycle({ metrics, store: createFlagStore([]), evaluations, clock: { now: () => 0 } });
    },
    bus,
  ],
  "flagd-proxy": [createProxyMetrics, bus],
  "canary-controller": [
    (metrics) => createRolloutMetrics(metrics, { version: "", meshProvider: "" }),
    (metrics) => workQueueMetrics(metrics, "burgee_canary_controller"),
    bus,
  ],
  "metrics-analyzer": [createAnalyzerMetrics, bus],
  "alert-dispatcher": [createDispatcherMetrics, bus],
  "admin-api": [createAdminMetrics, bus],
  loadtester: [(metrics) => createLoadtesterMetrics(metrics, { open: () => 0 })],
};

function bus(metrics) {
  return createBusMetrics(metrics, new Set());
}

async function configurationPage() {
  const sections = [];
  for (const app of Object.keys(services)) {
    const { configSchema } = await import(`../apps/${app}/src/config.ts`);
    sections.push(`## ${app}\n\n${renderConfigReference(configSchema, app)}`);
  }
  return `# Configuration
${made}

Every setting of every service. A flag wins over its environment variable, that over the file given with \`--config\` (JSON or YAML, settings by
their name in camelCase), that over the default. A secret can also be given as a file: the same flag with \`-file\` at its end, the same variable
with \`_FILE\`. All mistakes are reported at once.

${sections.join("\n")}`;
}

function metricsPage() {
  const sections = Object.entries(services).map(([app, registrations]) => {
    const metrics = createMetrics();
    for (const register of registrations) register(metrics);
    const rows = [
      ...metrics.registry.getMetricsAsArray().map(row),
      ...new Set(metrics.instruments.read().map(instrumentRow)),
    ];
    return `## ${app}\n\n| metric | type | labels | meaning |\n| --- | --- | --- | --- |\n${rows.join("\n")}\n`;
  });
  return `# Metrics
${made}

What each service shows at \`/metrics\` of its management port, in Prometheus' text format. Besides these each shows what it is
(\`burgee_build_info{service,version}\`) and its process: \`process_*\` (CPU, memory, file descriptors) and \`nodejs_*\` (event loop, heap, garbage
collection), as prom-client names them.

Upstream's metrics of flagd also carry \`otel_scope_name\`, \`otel_scope_version\` and \`otel_scope_schema_url\`, and \`target_info\` tells what is measured. A metric
of flagd has at most 2,000 series: whatever comes after them is counted in one with the label \`otel_metric_overflow="true"\`.

${sections.join("\n")}`;
}

function row({ name, type, labelNames, help }) {
  const labels = labelNames.map((label) => `\`${label}\``).join(", ");
  return `| \`${name}\` | ${type} | ${labels} | ${help.replaceAll("|", "\\|")} |`;
}

/** Scope labels are told once, above the tables. */
function instrumentRow({ prometheusName, kind, attributes, help }) {
  const labelNames = attributes.map((attribute) => attribute.replaceAll(".", "_"));
  return row({ name: prometheusName, type: kind === "upDownCounter" ? "gauge" : kind, labelNames, help });
}

const [folder = "docs/reference"] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "configuration.md"), await configurationPage());
writeFileSync(join(folder, "metrics.md"), metricsPage());
