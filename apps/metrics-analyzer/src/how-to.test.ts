// The examples of docs/how-to/metrics.md, run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Result } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { createInformer, createKubeClient } from "@burgee/kube";
import { startKubeSim } from "@burgee/kube-sim";
import { createDialer } from "@burgee/service-kit";
import { captureLogger, startPrometheus, waitFor } from "@burgee/service-kit/testing";
import { expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { evaluateCheck } from "./evaluate-check.ts";
import { createKubeLookup } from "./metric-templates/kube-lookup.ts";
import { metricTemplates } from "./metric-templates/metric-template-resource.ts";
import { analysisRequest } from "./testing/analysis-request.ts";
import { startCountingPods } from "./testing/counting-pods.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/how-to/metrics.md"), "utf8");
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => text ?? "");

interface ExampleMetric {
  readonly name: string;
  readonly thresholdRange: { readonly min?: number; readonly max?: number };
  readonly templateRef?: { readonly name: string };
  readonly templateVariables?: Record<string, string>;
}

function exampleMetrics(): ExampleMetric[] {
  return examples.filter((text) => text.startsWith("metrics:")).flatMap((text): ExampleMetric[] => parse(text).metrics);
}

it("judges a canary by the metrics of the how-to", async () => {
  const pods = await startCountingPods([
    { namespace: "default", pod: "podinfo-6f9c-x7k2p", perScrape: { 200: 98, 500: 2 }, seconds: 0.2 },
  ]);
  const prometheus = await startPrometheus({ targets: [pods.target], scrapeIntervalMs: 100 });
  const sim = await startKubeSim({ crds: [join(root, "deploy/crds")] });
  const { log } = captureLogger();
  const client = createKubeClient({ server: sim.url, log });
  const dialer = createDialer();
  try {
    const manifests = examples
      .filter((text) => text.startsWith("apiVersion:"))
      .flatMap((text) => parseAllDocuments(text).map((each) => each.toString()));
    await sim.apply(...manifests.map((text) => text.replace("http://prometheus.monitoring:9090", prometheus.url)));
    await waitFor(
      async () =>
        ((await prometheus.query("min(count_over_time(http_request_duration_seconds_count[10s]))"))[0]?.value ?? 0) >=
        5,
      {
        timeoutMs: 20_000,
      },
    );
    const metrics = exampleMetrics().map(({ thresholdRange, ...metric }) => ({
      ...metric,
      ...thresholdRange,
      interval: "10s",
    }));
    const request = analysisRequest({ target: "podinfo", namespace: "default", metrics });
    const templates = createKubeLookup(client, createInformer(client, metricTemplates, { log }));
    const evaluation = {
      ask: (provider, query) => provider.query(query, dialer),
      templates,
      metricsServer: prometheus.url,
      deadlineMs: 10_000,
    } satisfies Parameters<typeof evaluateCheck>[1];
    const verdict = await evaluateCheck(request, evaluation, new AbortController().signal);
    expect(verdict.metrics.map(({ name, result, message }) => [name, result, message])).toEqual([
      ["request-success-rate", Result.FAIL, "Halt podinfo.default advancement success rate 98.00% < 99%"],
      ["request-duration", Result.PASS, ""],
      ["error-rate", Result.FAIL, "Halt podinfo.default advancement error-rate 2.00 > 1"],
    ]);
  } finally {
    await Promise.all([client.close(), dialer.close(), pods.stop(), prometheus.stop(), sim.stop()]);
  }
}, 60_000);
