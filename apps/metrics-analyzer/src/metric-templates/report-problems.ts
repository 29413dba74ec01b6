import type { MetricTemplate } from "@burgee/contracts/crd";
import { type EventRecorder, type Informer, type KubeClient, reportSpecProblems } from "@burgee/kube";
import type { Clock, Logger, Part } from "@burgee/service-kit";
import { metricTemplates } from "./metric-template-resource.ts";
import { describeProblems, templateProblems } from "./template-problems.ts";

/** What reporting needs. */
export interface ReportProblemsOptions {
  readonly client: KubeClient;
  readonly informer: Informer<MetricTemplate>;
  readonly recorder: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Tells the owner of a malformed MetricTemplate what is wrong. */
export function reportProblems(o: ReportProblemsOptions): Part {
  const problemsOf = async (template: MetricTemplate) =>
    templateProblems(template).map((problem) => describeProblems([problem]));
  return reportSpecProblems({
    ...o,
    resource: metricTemplates,
    noun: "metric template",
    logField: "template",
    problemsOf,
  });
}
