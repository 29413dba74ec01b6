import { fromBinary } from "@bufbuild/protobuf";
import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { AlertRaisedSchema, Severity } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import type { MetricResult } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { Result } from "@burgee/contracts/gen/burgee/analysis/v1/analysis_pb";
import { FlagChange_Kind, FlagChangedSchema } from "@burgee/contracts/gen/burgee/flags/v1/flags_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import { type Delivery, streams } from "@burgee/event-bus";
import Type, { type Static } from "typebox";

const optional = Type.Optional;
const subject = {
  id: Type.String({ description: "The same for a repetition of the same entry." }),
  at: optional(Type.String({ description: "RFC 3339" })),
  namespace: Type.String(),
  name: Type.String({ description: "Of the canary; of a flag entry: of the FeatureFlag." }),
  message: Type.String(),
};
const rollout = { run: Type.Integer(), revision: Type.String(), phase: Type.String() };

/** One entry of the timeline; `kind` tells the three apart. */
export const TimelineEntrySchema = Type.Union([
  Type.Object({
    kind: Type.Literal("rollout"),
    ...subject,
    ...rollout,
    severity: Type.String({ description: "Normal or Warning" }),
    rule: Type.String(),
    weight: Type.Integer(),
    iteration: Type.Integer(),
    failedChecks: Type.Integer(),
    actor: optional(Type.String()),
    target: Type.String(),
    image: Type.String(),
    metrics: Type.Array(
      Type.Object({
        name: Type.String(),
        result: Type.String(),
        value: optional(Type.Number()),
        min: optional(Type.Number()),
        max: optional(Type.Number()),
        message: Type.String(),
      }),
    ),
  }),
  Type.Object({
    kind: Type.Literal("flags"),
    ...subject,
    version: Type.Integer(),
    changes: Type.Array(
      Type.Object({
        key: Type.String(),
        change: Type.String({ description: "created, updated or deleted" }),
        owner: optional(Type.String({ description: "Canary, namespace/name, whose override took part." })),
      }),
    ),
  }),
  Type.Object({
    kind: Type.Literal("alert"),
    ...subject,
    ...rollout,
    severity: Type.String({ description: "info, warn or error" }),
    target: Type.String(),
    fields: Type.Array(Type.Object({ name: Type.String(), value: Type.String() })),
  }),
]);
export type TimelineEntry = Static<typeof TimelineEntrySchema>;

/** The streams that make up the timeline. */
export const timelineStreams = [streams.rolloutEvents, streams.flagEvents, streams.alerts] as const;
export type TimelineStream = (typeof timelineStreams)[number];

const readers: Record<TimelineStream, (delivery: Delivery) => TimelineEntry> = {
  "rollout.events": rolloutEntry,
  "flag.events": flagEntry,
  alerts: alertEntry,
};

/** Throws when the payload is not what the stream carries. */
export function timelineEntry(stream: TimelineStream, delivery: Delivery): TimelineEntry {
  return readers[stream](delivery);
}

function rolloutEntry({ id, payload }: Delivery): TimelineEntry {
  const event = fromBinary(RolloutEventSchema, payload);
  const { namespace, name, message, revision, phase, severity, rule, target, image } = event;
  return {
    kind: "rollout",
    id,
    ...moment(event.at),
    ...{ namespace, name, message, revision, phase, severity, rule, target, image },
    run: Number(event.run),
    weight: event.canaryWeight,
    iteration: event.iteration,
    failedChecks: event.failedChecks,
    ...(event.actor !== "" && { actor: event.actor }),
    metrics: event.metrics.map(metricView),
  };
}

function metricView({ name, result, value, min, max, message }: MetricResult) {
  return {
    name,
    result: (Result[result] ?? "unknown").toLowerCase(),
    ...(value !== undefined && { value }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    message,
  };
}

function flagEntry({ id, key, payload }: Delivery): TimelineEntry {
  const event = fromBinary(FlagChangedSchema, payload);
  const [namespace = "", name = ""] = (event.selector || key).split("/");
  const changes = event.changes.map(({ flagKey, kind, overrideOwner }) => ({
    key: flagKey,
    change: (FlagChange_Kind[kind] ?? "updated").toLowerCase(),
    ...(overrideOwner !== "" && { owner: overrideOwner }),
  }));
  const message = changes
    .map((c) => `flag ${c.key} ${c.change}${c.owner === undefined ? "" : ` for ${c.owner}`}`)
    .join(", ");
  return { kind: "flags", id, ...moment(event.at), namespace, name, message, version: Number(event.version), changes };
}

function alertEntry({ id, payload }: Delivery): TimelineEntry {
  const alert = fromBinary(AlertRaisedSchema, payload);
  const { namespace, name, message, revision, phase, target } = alert;
  return {
    kind: "alert",
    id,
    ...moment(alert.at),
    ...{ namespace, name, message, revision, phase, target },
    run: Number(alert.run),
    severity: (Severity[alert.severity] ?? "info").toLowerCase(),
    fields: alert.fields.map((field) => ({ name: field.name, value: field.value })),
  };
}

function moment(at: Timestamp | undefined): { at?: string } {
  return at === undefined ? {} : { at: timestampDate(at).toISOString() };
}

/** Which entries a reader wants. */
export interface TimelineFilter {
  namespace?: string | undefined;
  /** Needs the namespace. Flag entries count when an override of this canary took part. */
  canary?: string | undefined;
}

/** Whether an entry is of the namespace or canary that the filter names. */
export function matches(entry: TimelineEntry, { namespace, canary }: TimelineFilter): boolean {
  if (namespace !== undefined && entry.namespace !== namespace) return false;
  if (canary === undefined) return true;
  if (entry.kind !== "flags") return entry.name === canary;
  return entry.changes.some((change) => change.owner === `${namespace}/${canary}`);
}
