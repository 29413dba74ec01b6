import type { Canary } from "@burgee/contracts/crd";
import { isKubeError, type KubeClient } from "@burgee/kube";
import { refusalOf } from "@burgee/rollout-engine";
import { ApiProblem, fieldProblem } from "../api-problem.ts";
import { kinds } from "../kinds.ts";
import { actionRevision, pendingAction } from "./canary-view.ts";
import {
  type ActionRequest,
  actionAnnotation,
  actionNames,
  readActionAnnotation,
  type WrittenAction,
} from "./human-action.ts";

export interface ActionOrder {
  canary: { namespace: string; name: string };
  request: ActionRequest;
  /** Writing the same id twice is writing it once. */
  id: string;
  actor: string;
  at: Date;
}

export interface ActionOutcome {
  canary: Canary;
  action: WrittenAction;
  /** False when an earlier request with the same id had written it. */
  written: boolean;
}

/** The controller writes the status often, which moves the version on without meaning anything for us. */
const attempts = 5;

/**
 * Puts the action into the Canary's annotation, guarded by the version it was decided on: the run and the revision in it are those of the
 * Canary at that moment. Refuses what is about another run or revision, what can do nothing where the rollout stands, and what would
 * overwrite somebody's waiting action.
 */
export async function writeAction(client: KubeClient, order: ActionOrder): Promise<ActionOutcome> {
  for (let attempt = 1; ; attempt++) {
    const canary = await client.get(kinds.canaries, order.canary);
    const earlier = writtenBefore(canary, order.id);
    if (earlier !== undefined) return { canary, action: earlier, written: false };
    const action = actionFor(canary, order);
    try {
      const patch = { metadata: { annotations: { [actionAnnotation]: JSON.stringify(action) } } };
      const guard = { type: "merge", resourceVersion: canary.metadata.resourceVersion } as const;
      return { canary: await client.patch(kinds.canaries, order.canary, patch, guard), action, written: true };
    } catch (err) {
      if (!isKubeError(err, "conflict") || attempt >= attempts) throw err;
    }
  }
}

/** What an earlier request with this id has written, waiting still or taken up already. */
function writtenBefore(canary: Canary, id: string): WrittenAction | undefined {
  const waiting = readActionAnnotation(canary.metadata.annotations);
  if (waiting?.id === id) return waiting;
  const taken = canary.status?.lastAction;
  const action = actionNames.find((name) => name === taken?.action);
  if (taken?.id !== id || action === undefined) return undefined;
  return { id, action, run: taken.run, revision: actionRevision(canary) ?? "", actor: taken.actor, at: taken.at };
}

function actionFor(canary: Canary, order: ActionOrder): WrittenAction {
  const { request, id, actor } = order;
  const run = canary.status?.run ?? 0;
  const revision = actionRevision(canary);
  if (revision === undefined) {
    throw new ApiProblem("conflict", "the controller has not seen this canary yet; try again when it has a phase");
  }
  refuseWhenStale(canary, { request, run, revision });
  const gate = request.gate === undefined ? {} : { gate: request.gate };
  return { id, action: request.action, ...gate, run, revision, actor, at: order.at.toISOString() };
}

/** Why the controller would take up nothing. */
function standstill({ metadata, spec, status }: Canary): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return "the canary is being deleted";
  if (spec.suspend === true) return "the canary is suspended; set spec.suspend to false first";
  const invalid = status?.conditions?.find(({ type }) => type === "InvalidSpec");
  return invalid?.status === "True" ? `the canary's spec cannot be used: ${invalid.message}` : undefined;
}

function refuseWhenStale(canary: Canary, o: { request: ActionRequest; run: number; revision: string }): void {
  const { request, run, revision } = o;
  if (request.gate !== undefined && request.action !== "approve") {
    throw fieldProblem("unprocessable", {
      field: "body.gate",
      value: request.gate,
      expected: "no gate unless action is approve",
    });
  }
  const problems = [];
  if (request.run !== undefined && request.run !== run) {
    problems.push({ field: "body.run", value: request.run, expected: `${run}, the run the canary is in` });
  }
  if (request.revision !== undefined && request.revision !== revision) {
    problems.push({
      field: "body.revision",
      value: request.revision,
      expected: `${revision}, the revision the canary is about`,
    });
  }
  if (problems.length > 0) throw fieldProblem("conflict", ...problems);
  const refused = standstill(canary) ?? (canary.status && refusalOf(canary.status, request));
  if (refused !== undefined) throw new ApiProblem("conflict", `${request.action} is refused: ${refused}`);
  const waiting = pendingAction(canary);
  if (waiting !== undefined) {
    throw new ApiProblem(
      "conflict",
      `${waiting.action} by ${waiting.actor} is waiting for the controller; try again when it is taken up`,
    );
  }
}
