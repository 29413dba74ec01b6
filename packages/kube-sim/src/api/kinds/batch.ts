import { at, type JsonObject, objectAt } from "../json.ts";
import type { KubeObject } from "../object.ts";
import { objectIn } from "./object-in.ts";
import { defaultTemplate } from "./workloads.ts";

export function defaultJob(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.backoffLimit ??= 6;
  spec.completionMode ??= "NonIndexed";
  spec.parallelism ??= 1;
  spec.completions ??= 1;
  spec.suspend ??= false;
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= at(spec, "podFailurePolicy") ? "Failed" : "TerminatingOrFailed";
  defaultTemplate(spec);
}

/** A job's pods are known by labels with its uid, which also become its own. */
export function completeJob(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  const { name, uid } = draft.metadata;
  if (spec.manualSelector !== true) {
    spec.selector ??= { matchLabels: { "batch.kubernetes.io/controller-uid": uid } };
    const labels = objectIn(objectIn(objectIn(spec, "template"), "metadata"), "labels");
    for (const prefix of ["batch.kubernetes.io/", ""]) {
      labels[`${prefix}controller-uid`] ??= uid;
      labels[`${prefix}job-name`] ??= name;
    }
    draft.metadata.labels ??= Object.fromEntries(Object.entries(labels).map(([key, value]) => [key, String(value)]));
  }
  draft.status ??= {};
}

export function defaultCronJob(draft: KubeObject): void {
  const spec = objectIn(draft, "spec");
  spec.concurrencyPolicy ??= "Allow";
  spec.suspend ??= false;
  spec.successfulJobsHistoryLimit ??= 3;
  spec.failedJobsHistoryLimit ??= 1;
  const template: JsonObject = objectAt(spec, "jobTemplate");
  objectIn(template, "metadata");
  defaultTemplate(objectIn(template, "spec"));
}
