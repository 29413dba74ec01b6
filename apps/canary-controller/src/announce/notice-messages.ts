// A notice as messages: RolloutEvent for the timeline, AlertRaised for people.
import { create, toBinary } from "@bufbuild/protobuf";
import { AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { Result } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import type { Canary } from "@burgee/contracts/crd";
import type { NewEntry } from "@burgee/event-bus";
import type { Announcement, CanaryStatus, CheckResult, RolloutSpec } from "@burgee/rollout-engine";
import { canaryKey } from "../canary-resource.ts";
import { timestamp } from "./timestamp.ts";

/** What a message says about the rollout beside its text. */
export interface NoticeContext {
  canary: Canary;
  /** Undefined for a Canary that cannot be read. */
  spec: RolloutSpec | undefined;
  status: CanaryStatus;
  /** Image of the target's first container. */
  image: string;
  /** Of the option --cluster-name; empty is none. */
  clusterName: string;
}

type Notice = Extract<Announcement, { kind: "notice" }>;

/** The notice as an entry of `rollout.events`. */
export function rolloutEvent(notice: Notice, context: NoticeContext): NewEntry {
  const { canary, status } = context;
  const message = create(RolloutEventSchema, {
    canaryUid: canary.metadata.uid,
    name: canary.metadata.name,
    namespace: canary.metadata.namespace,
    run: BigInt(status.run ?? 0),
    revision: status.targetRevision ?? status.lastAppliedSpec ?? "",
    phase: notice.phase,
    severity: notice.event.type,
    rule: notice.rule,
    message: notice.event.message,
    canaryWeight: status.canaryWeight,
    iteration: Math.max(status.iterations, 0),
    failedChecks: status.failedChecks,
    at: timestamp(notice.at),
    actor: notice.actor ?? "",
    target: canary.spec.targetRef.name,
    image: context.image,
    metrics: lastMetrics(status),
  });
  const payload = toBinary(RolloutEventSchema, message);
  return { id: notice.id, key: canaryKey(context.canary), seq: sequence(notice), type: "RolloutEvent", payload };
}

/** The notice's alert as an entry of `alerts`, undefined when it has none. */
export function alertRaised(notice: Notice, context: NoticeContext): NewEntry | undefined {
  const { alert } = notice;
  const { spec, status, canary } = context;
  if (alert === undefined || spec === undefined) return undefined;
  const message = create(AlertRaisedSchema, {
    canaryUid: spec.uid,
    name: spec.name,
    namespace: spec.namespace,
    run: BigInt(status.run ?? 0),
    revision: status.targetRevision ?? status.lastAppliedSpec ?? "",
    severity: severities[alert.severity],
    message: alert.message,
    fields: alertFields({ spec, clusterName: context.clusterName }, alert.withFields),
    phase: notice.phase,
    target: spec.target.name,
    targetKind: spec.target.kind,
    routes: spec.alerts.map(({ name, severity, providerRef }) => ({
      name,
      severity,
      providerName: providerRef.name,
      providerNamespace: providerRef.namespace,
    })),
    metrics: lastMetrics(status),
    at: timestamp(notice.at),
    metadata: templateMetadata(context),
  });
  const payload = toBinary(AlertRaisedSchema, message);
  return { id: `${notice.id}/alert`, key: canaryKey(canary), seq: sequence(notice), type: "AlertRaised", payload };
}

const severities = { info: Severity.INFO, warn: Severity.WARN, error: Severity.ERROR } as const;
const results: Readonly<Record<CheckResult, Result>> = {
  pass: Result.PASS,
  fail: Result.FAIL,
  unknown: Result.UNKNOWN,
};

function alertFields(
  { spec, clusterName }: { spec: RolloutSpec; clusterName: string },
  withFields: boolean,
): { name: string; value: string }[] {
  const cluster = clusterName === "" ? [] : [{ name: "Cluster", value: clusterName }];
  if (!withFields) return cluster;
  const routing = trafficRouting(spec);
  return [
    ...cluster,
    { name: "Target", value: `${spec.target.kind}/${spec.target.name}.${spec.namespace}` },
    { name: "Failed checks threshold", value: String(spec.threshold) },
    { name: "Progress deadline", value: `${Math.round(spec.progressDeadlineMs / 1000)}s` },
    ...(routing === undefined ? [] : [{ name: "Traffic routing", value: routing }]),
  ];
}

function trafficRouting(spec: RolloutSpec): string | undefined {
  if (spec.strategy === "ab-testing") return "A/B Testing";
  if (spec.strategy === "blue-green") return "Blue/Green";
  if (spec.stepWeight > 0) return `Weight step: ${spec.stepWeight} max: ${spec.maxWeight}`;
  if (spec.stepWeights.length > 0) return `Weight steps: ${spec.stepWeights.join(",")} max: ${spec.maxWeight}`;
  return undefined;
}

/** Labels and annotations that message templates name, and the version that is being rolled out. */
function templateMetadata({ canary, image, clusterName }: NoticeContext): Record<string, string> {
  const { labels, annotations } = canary.metadata;
  const environment = labels?.environment ?? annotations?.environment ?? clusterName;
  const tag = image.slice(image.lastIndexOf("/") + 1).split(":")[1];
  return {
    ...labels,
    ...(environment === "" ? {} : { environment }),
    ...(tag === undefined ? {} : { version: tag }),
  };
}

function lastMetrics(status: CanaryStatus) {
  const last = status.canaryAnalysis?.at(-1);
  if (last === undefined || last.run !== status.run) return [];
  return last.metrics.map(({ name, result, value, min, max, message }) => ({
    name,
    result: results[result],
    message: message ?? "",
    ...(value === undefined ? {} : { value }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  }));
}

/** Notices are numbered; the number is the last part of the id. */
function sequence(notice: Notice): number {
  return Number(notice.id.slice(notice.id.lastIndexOf("/") + 1)) || 0;
}
