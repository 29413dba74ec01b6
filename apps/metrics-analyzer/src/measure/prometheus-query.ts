import { metricsServerText } from "@burgee/judge";
import { prometheus } from "../providers/prometheus.ts";
import type { ProviderSettings, QueryAnswer } from "../providers/provider.ts";
import { renderQuery } from "../render-query.ts";
import type { MeasuringContext } from "./context.ts";
import { intervalMsOf, type Measurement } from "./plan.ts";

/** Renders a query and asks the canary's Prometheus, as built-in and inline metrics do. */
export async function queryPrometheus(
  template: string,
  { model }: Measurement,
  context: MeasuringContext,
): Promise<QueryAnswer> {
  const rendered = renderQuery(template, model);
  if ("problem" in rendered) return { kind: "invalid", message: `query render error: ${rendered.problem}` };
  const { ask, at, signal, metricsServer } = context;
  const settings: ProviderSettings = { type: "prometheus", address: metricsServer };
  return ask(prometheus, {
    settings,
    credentials: undefined,
    text: rendered.query,
    at,
    intervalMs: intervalMsOf(model),
    signal,
  });
}

/** What is wrong with the canary's Prometheus address, as Flagger says it; undefined when it will do. */
export function metricsServerProblem(metricsServer: string): string | undefined {
  const [problem] = prometheus.problems({ type: "prometheus", address: metricsServer });
  return problem === undefined
    ? undefined
    : metricsServerText(String(problem.value), `prometheus address is not valid, expected ${problem.expected}`);
}
