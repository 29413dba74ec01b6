// Prometheus metrics: upstream's names first, then ours.
import type { Canary } from "@burgee/contracts/crd";
import type { CanaryStatus, Phase, RolloutSpec } from "@burgee/rollout-engine";
import type { Metrics } from "@burgee/service-kit";
import { primaryName } from "./workloads/selector-label.ts";

/** Keeps the metrics of all canaries of this process. */
export interface RolloutMetrics {
  /** After every pass; `before` is the status that the pass began with. */
  record(o: { spec: RolloutSpec; before: CanaryStatus; after: CanaryStatus; now: number }): void;
  forget(canary: Pick<Canary, "metadata" | "spec">): void;
  /** Canaries by namespace. */
  setTotals(totals: ReadonlyMap<string, number>): void;
  conflict(): void;
  verdictRejected(): void;
  eventHookDropped(): void;
  setBus(state: "up" | "down"): void;
}

export function createRolloutMetrics(metrics: Metrics, o: { version: string; meshProvider: string }): RolloutMetrics {
  const info = metrics.gauge({
    name: "flagger_info",
    help: "1; the labels say what runs",
    labelNames: ["version", "mesh_provider"],
  });
  info.set({ version: o.version, mesh_provider: o.meshProvider }, 1);
  const total = metrics.gauge({
    name: "flagger_canary_total",
    help: "Canaries that are looked after",
    labelNames: ["namespace"],
  });
  const status = metrics.gauge({
    name: "flagger_canary_status",
    help: "0 progressing, 2 failed, 1 everything else; name is the target's",
    labelNames: ["name", "namespace"],
  });
  const weight = metrics.gauge({
    name: "flagger_canary_weight",
    help: "Percent of the traffic that a workload gets",
    labelNames: ["workload", "namespace"],
  });
  const duration = metrics.histogram({
    name: "flagger_canary_duration_seconds",
    help: "How long one tick of an analysis took; see flagger_canary_run_duration_seconds for a whole run",
    labelNames: ["name", "namespace"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const analysis = metrics.gauge({
    name: "flagger_canary_metric_analysis",
    help: "Last value of a metric of the analysis",
    labelNames: ["name", "namespace", "metric"],
  });
  const outcomeLabels = ["name", "namespace", "deployment_strategy", "analysis_status"] as const;
  const successes = metrics.counter({
    name: "flagger_canary_successes_total",
    help: "Runs promoted",
    labelNames: outcomeLabels,
  });
  const failures = metrics.counter({
    name: "flagger_canary_failures_total",
    help: "Runs rolled back",
    labelNames: outcomeLabels,
  });
  const phase = metrics.gauge({
    name: "flagger_canary_phase",
    help: "1 for the phase that a Canary is in",
    labelNames: ["name", "namespace", "phase"],
  });
  const run = metrics.gauge({
    name: "flagger_canary_run_duration_seconds",
    help: "How long the current run has taken, or the last one took",
    labelNames: ["name", "namespace"],
  });
  const conflicts = metrics.counter({
    name: "burgee_canary_controller_conflicts_total",
    help: "Passes that ended because the world had moved on; each was made again",
  });
  const rejected = metrics.counter({
    name: "burgee_canary_controller_verdicts_rejected_total",
    help: "Entries of analysis.results that were no verdict or carried a wrong MAC",
  });
  const dropped = metrics.counter({
    name: "burgee_canary_controller_event_hooks_dropped_total",
    help: "Calls of event hooks given up because too many waited",
  });
  const bus = metrics.gauge({ name: "burgee_canary_controller_bus_up", help: "1 while the event bus takes messages" });

  const phaseShown = new Map<string, Phase>();

  return {
    record({ spec, before, after, now }) {
      const labels = { name: spec.target.name, namespace: spec.namespace };
      status.set(labels, statusValue(after.phase));
      // One series a Canary, not one for each phase that it could be in: there are thousands of canaries.
      const canary = { name: spec.name, namespace: spec.namespace };
      const shown = phaseShown.get(`${spec.namespace}/${spec.name}`);
      if (shown !== undefined && shown !== after.phase) phase.remove({ ...canary, phase: shown });
      if (shown !== after.phase) phase.set({ ...canary, phase: after.phase }, 1);
      phaseShown.set(`${spec.namespace}/${spec.name}`, after.phase);
      const canaryWeight = canaryPercent(spec, after);
      weight.set({ workload: spec.target.name, namespace: spec.namespace }, canaryWeight);
      weight.set({ workload: primaryName(spec.target.name), namespace: spec.namespace }, 100 - canaryWeight);
      for (const metric of after.canaryAnalysis?.at(-1)?.metrics ?? []) {
        if (metric.value !== undefined) analysis.set({ ...labels, metric: metric.name }, metric.value);
      }
      const tickMs = finishedTickMs(before, after);
      if (tickMs !== undefined) duration.observe(labels, tickMs / 1000);
      const runMs = runDurationMs(before, after, now);
      if (runMs !== undefined) run.set({ name: spec.name, namespace: spec.namespace }, runMs / 1000);
      if (before.phase === after.phase) return;
      const outcome = { ...labels, deployment_strategy: spec.strategy };
      const analysisStatus = after.afterRun?.closing ?? "completed";
      if (after.phase === "Succeeded") successes.inc({ ...outcome, analysis_status: analysisStatus });
      if (after.phase === "Failed") failures.inc({ ...outcome, analysis_status: "completed" });
    },
    forget({ metadata, spec }) {
      const namespace = metadata.namespace;
      const target = { name: spec.targetRef.name, namespace };
      status.remove(target);
      duration.remove(target);
      weight.remove({ workload: spec.targetRef.name, namespace });
      weight.remove({ workload: primaryName(spec.targetRef.name), namespace });
      run.remove({ name: metadata.name, namespace });
      const key = `${namespace}/${metadata.name}`;
      phase.remove({ name: metadata.name, namespace, phase: phaseShown.get(key) ?? "" });
      phaseShown.delete(key);
      for (const metric of spec.analysis.metrics ?? []) analysis.remove({ ...target, metric: metric.name });
    },
    setTotals(totals) {
      total.reset();
      for (const [namespace, count] of totals) total.set({ namespace }, count);
    },
    conflict: () => conflicts.inc(),
    verdictRejected: () => rejected.inc(),
    eventHookDropped: () => dropped.inc(),
    setBus: (state) => bus.set(state === "up" ? 1 : 0),
  };
}

/** What the routes ask for; without routes upstream counts a canary under iteration as having it all. */
function canaryPercent(spec: RolloutSpec, status: CanaryStatus): number {
  if (!spec.routed) return status.iterations > 0 ? 100 : 0;
  return status.routes?.canary ?? status.canaryWeight;
}

function statusValue(phase: Phase): number {
  if (phase === "Progressing") return 0;
  return phase === "Failed" ? 2 : 1;
}

function finishedTickMs(before: CanaryStatus, after: CanaryStatus): number | undefined {
  const { tick } = after;
  if (tick?.finishedAt === undefined || tick.finishedAt === before.tick?.finishedAt) return undefined;
  return Math.max(0, Date.parse(tick.finishedAt) - Date.parse(tick.startedAt));
}

/** The condition Promoted is Unknown from the start of a run to its end, and says since when. */
function runDurationMs(before: CanaryStatus, after: CanaryStatus, now: number): number | undefined {
  const was = before.conditions?.find((c) => c.type === "Promoted");
  const is = after.conditions?.find((c) => c.type === "Promoted");
  const since =
    was?.status === "Unknown" ? was.lastTransitionTime : is?.status === "Unknown" ? is.lastTransitionTime : undefined;
  return since === undefined ? undefined : Math.max(0, now - Date.parse(since));
}
