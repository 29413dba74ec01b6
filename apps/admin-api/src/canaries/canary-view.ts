import { type Canary, CanaryStatusSchema, canaryPhases } from "@burgee/contracts/crd";
import Type, { type Static } from "typebox";
import { readActionAnnotation, type WrittenAction } from "./human-action.ts";

const optional = Type.Optional;
const { properties: statusFields } = CanaryStatusSchema;

/** What a list of rollouts shows of each. */
export const CanarySummarySchema = Type.Object({
  namespace: Type.String(),
  name: Type.String(),
  uid: Type.String(),
  target: Type.Object({ kind: Type.String(), name: Type.String() }),
  provider: optional(Type.String({ description: "Absent: the controller's default." })),
  phase: Type.Unsafe<string>({ type: "string", enum: [...canaryPhases] }),
  weight: Type.Number({ description: "Percent of the traffic that the canary gets." }),
  iterations: Type.Number(),
  failedChecks: Type.Number(),
  run: Type.Integer({ description: "Grows with every start of an analysis." }),
  revision: optional(Type.String({ description: "The revision that an action now would be about." })),
  suspended: Type.Boolean(),
  paused: optional(statusFields.paused),
  waitingFor: optional(statusFields.waitingFor),
  hold: optional(statusFields.hold),
  pendingCheck: optional(statusFields.pendingCheck),
  checks: Type.Array(Type.Unsafe<object>(statusFields.canaryAnalysis.items), {
    description: "The last checks, newest last.",
  }),
  conditions: Type.Array(Type.Unsafe<object>(statusFields.conditions.items)),
  lastTransitionTime: optional(Type.String()),
  lastAction: optional(statusFields.lastAction),
  pendingAction: optional(
    Type.Object(
      { id: Type.String(), action: Type.String(), actor: Type.String(), at: Type.String() },
      { description: "Asked for, and not yet taken up by the controller." },
    ),
  ),
});
export type CanarySummary = Static<typeof CanarySummarySchema>;

/** Phases in which a run is about `status.targetRevision`; in the others an action is about the revision seen last. */
const runningPhases = ["Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising"];

/** The revision that the controller expects in an action. */
export function actionRevision(canary: Canary): string | undefined {
  const { status } = canary;
  const running = runningPhases.includes(status?.phase ?? "");
  return (running ? status?.targetRevision : undefined) ?? status?.lastAppliedSpec ?? status?.targetRevision;
}

/** What lists show of a Canary. */
export function canarySummary(canary: Canary): CanarySummary {
  const { metadata, spec, status } = canary;
  const pending = pendingAction(canary);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    uid: metadata.uid,
    target: { kind: spec.targetRef.kind, name: spec.targetRef.name },
    phase: status?.phase ?? "",
    weight: status?.canaryWeight ?? 0,
    iterations: status?.iterations ?? 0,
    failedChecks: status?.failedChecks ?? 0,
    run: status?.run ?? 0,
    suspended: spec.suspend ?? false,
    checks: status?.canaryAnalysis ?? [],
    conditions: status?.conditions ?? [],
    ...present({
      provider: spec.provider,
      revision: actionRevision(canary),
      paused: status?.paused,
      waitingFor: status?.waitingFor,
      hold: status?.hold,
      pendingCheck: status?.pendingCheck,
      lastTransitionTime: status?.lastTransitionTime,
      lastAction: status?.lastAction,
      pendingAction: pending && { id: pending.id, action: pending.action, actor: pending.actor, at: pending.at },
    }),
  };
}

/** The action in the annotation, unless the controller has taken it up already and only not removed it yet. */
export function pendingAction(canary: Canary): WrittenAction | undefined {
  const written = readActionAnnotation(canary.metadata.annotations);
  return written?.id === canary.status?.lastAction?.id ? undefined : written;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  const kept: Present<T> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) Object.assign(kept, { [key]: value });
  }
  return kept;
}
