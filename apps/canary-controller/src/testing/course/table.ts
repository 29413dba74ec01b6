// The table of courses: every strategy, every kind of target, every router with what it can do.
import { type Scene, strategies } from "./scene.ts";
import type { Plot } from "./plot.ts";

interface Row extends Scene {
  plots: readonly Plot[];
}

const ends: readonly Plot[] = ["bad", "good"];
const lives: readonly Plot[] = ["deleted", ...ends, "deleted in a run"];
const all: readonly Plot[] = ["deleted", ...ends, "reverted", "deleted in a run", "superseded"];

/** Strategies that go on from their first check whatever the traffic, so that nothing can happen before it. */
const unjudged = ["skip-analysis"];
const byStrategy = Object.keys(strategies).map(
  (strategy): Row => ({ strategy, plots: unjudged.includes(strategy) ? ["good"] : ends }),
);

const rows: readonly Row[] = [
  { plots: all },
  ...byStrategy.filter(({ strategy }) => strategy !== "weighted"),
  { target: "DaemonSet", plots: lives },
  { target: "StatefulSet", plots: all },
  { target: "CloneSet", plots: lives },
  { target: "Rollout", plots: ends },
  { target: "Fleet", plots: lives },
  { target: "Service", plots: all },
  // A template from before is a new revision there.
  { target: "Knative Service", plots: [...lives, "superseded"] },
  { target: "Knative Service", strategy: "step-weight-promotion", plots: ends },
  { autoscaler: "ScaledObject", plots: all },
  { target: "CloneSet", autoscaler: "ScaledObject", plots: ends },
  { target: "DaemonSet", strategy: "canary-pod", plots: ends },
  { provider: "gatewayapi:v1beta1", plots: lives },
  { provider: "gatewayapi:v1beta1", strategy: "ab-testing", plots: ends },
  { provider: "gatewayapi:v1beta1", strategy: "session-affinity", plots: ends },
  { provider: "istio", plots: all },
  { provider: "istio", strategy: "step-weight-promotion", plots: ends },
  { provider: "istio", strategy: "ab-testing", plots: ends },
  { provider: "istio", strategy: "session-affinity", plots: ends },
  { provider: "istio", strategy: "growing-mirror", plots: ends },
  { provider: "istio", strategy: "blue-green-mirror", plots: ends },
  { provider: "istio", target: "Service", plots: ends },
  { provider: "kubernetes", strategy: "blue-green-routed", plots: lives },
  { provider: "kubernetes", strategy: "gates", plots: ends },
  { provider: "kubernetes", strategy: "skip-analysis", plots: ["good"] },
  { provider: "flag", plots: all },
  { provider: "flag", strategy: "step-weights", plots: ends },
  { provider: "flag", strategy: "iterations-at-max-weight", plots: ends },
  { provider: "flag", strategy: "gates", plots: ends },
  { provider: "flag", target: "CloneSet", autoscaler: "ScaledObject", plots: ends },
];

/** One course of the table, with a title for tests. */
export interface TableRow {
  title: string;
  course: Scene & { plot: Plot };
}

/** Every row with each of its plots. */
export const table: readonly TableRow[] = rows.flatMap(({ plots, ...scene }) =>
  plots.map((plot) => ({ title: titleOf(scene, plot), course: { ...scene, plot } })),
);

/** The first row: a weighted rollout of a Deployment. */
export const main = table.slice(0, all.length);

/** Those of every target, router and autoscaler. */
export const weighted = table.filter(({ course }) => course.strategy === undefined);

function titleOf({ strategy = "weighted", target = "Deployment", provider, autoscaler }: Scene, plot: Plot): string {
  const others = [provider, autoscaler].filter((value) => value !== undefined);
  return [`${strategy} of a ${target}`, ...others, plot].join(", ");
}
