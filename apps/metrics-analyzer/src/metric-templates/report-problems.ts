import type { MetricTemplate } from "@burgee/contracts/crd";
import { type EventRecorder, type Informer, isKubeError, type KubeClient } from "@burgee/kube";
import type { Clock, Logger, Part } from "@burgee/service-kit";
import { metricTemplates } from "./metric-template-resource.ts";
import { describeProblems, templateProblems } from "./template-problems.ts";

type Condition = NonNullable<NonNullable<MetricTemplate["status"]>["conditions"]>[number];

const conditionType = "InvalidSpec";

/** What reporting needs. */
export interface ReportProblemsOptions {
  readonly client: KubeClient;
  readonly informer: Informer<MetricTemplate>;
  readonly recorder: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Tells the owner of a malformed MetricTemplate what is wrong: a condition `InvalidSpec` on its status, an event and a log line, once per
 * change. Templates that are and were fine are left alone, so that upstream's objects stay as they are.
 */
export function reportProblems(o: ReportProblemsOptions): Part {
  const running = new Map<string, Promise<void>>();
  let leave: (() => void) | undefined;
  return {
    name: "metric template checks",
    start(): void {
      leave = o.informer.on((event) => {
        if (event.type === "deleted") return;
        const key = `${event.object.metadata.namespace}/${event.object.metadata.name}`;
        const after = (running.get(key) ?? Promise.resolve()).then(() => report(event.object, o));
        running.set(key, after);
        void after.finally(() => {
          if (running.get(key) === after) running.delete(key);
        });
      });
    },
    async stop(): Promise<void> {
      leave?.();
      await Promise.all(running.values());
    },
  };
}

async function report(template: MetricTemplate, o: ReportProblemsOptions): Promise<void> {
  const { name, namespace, resourceVersion } = template.metadata;
  const fields = { template: name, namespace };
  const change = conditionChange(template, new Date(o.clock.now()).toISOString());
  if (change === undefined) return;
  try {
    const conditions = [...(template.status?.conditions ?? []).filter(({ type }) => type !== conditionType), change];
    const options = { type: "merge", subresource: "status", resourceVersion } as const;
    await o.client.patch(metricTemplates, { name, namespace }, { status: { conditions } }, options);
  } catch (error) {
    // Another analyzer was faster, or the template changed: its next event is looked at anew.
    if (isKubeError(error, "conflict", "not_found")) return;
    o.log.warn({ ...fields, err: error, problem: change.message }, "metric template status not written");
    return;
  }
  const message = change.message ?? "";
  if (change.status === "True") {
    o.log.warn({ ...fields, problem: message }, "metric template is malformed");
    o.recorder.record(asEventTarget(template), { type: "Warning", reason: "InvalidSpec", message });
  } else {
    o.log.info(fields, "metric template mended");
    o.recorder.record(asEventTarget(template), { type: "Normal", reason: "Synced", message });
  }
}

/** Informers hand out list items, which carry no kind of their own. */
function asEventTarget(template: MetricTemplate): MetricTemplate {
  return { ...template, apiVersion: "flagger.app/v1beta1", kind: "MetricTemplate" };
}

/** The condition to write; undefined when the status already says so, or when there is nothing to say. */
export function conditionChange(template: MetricTemplate, now: string): Condition | undefined {
  const problems = templateProblems(template);
  const present = template.status?.conditions?.find(({ type }) => type === conditionType);
  const invalid = problems.length > 0;
  if (!invalid && present === undefined) return undefined;
  const status = invalid ? "True" : "False";
  const message = invalid ? describeProblems(problems) : "metric template is valid";
  if (present?.status === status && present.message === message) return undefined;
  const lastTransitionTime = present?.status === status ? (present.lastTransitionTime ?? now) : now;
  return {
    type: conditionType,
    status,
    reason: invalid ? "InvalidSpec" : "Valid",
    message,
    lastUpdateTime: now,
    lastTransitionTime,
  };
}
