// The annotation by which a person steers a rollout.
import type { Gate, HumanAction } from "@burgee/rollout-engine";
import { isRecord } from "./workloads/record.ts";

/** Annotation of a Canary; its value is a JSON object with id, action, run, revision, actor, at and, for an approval, gate. */
export const actionAnnotation = "burgee.dev/action";

const actions = ["approve", "pause", "resume", "promote", "rollback", "restart", "skip"] as const;
const gates = ["confirm-rollout", "confirm-traffic-increase", "confirm-promotion"] as const;

/** The action, or what is wrong with the annotation: path, value and what would be right. */
export function parseAction(text: string | undefined): { action: HumanAction } | { problem: string } | undefined {
  if (text === undefined) return undefined;
  const parsed = parseObject(text);
  if (parsed === undefined) {
    return {
      problem: `${actionAnnotation} is not a JSON object, expected {"id","action","run","revision","actor","at"}`,
    };
  }
  const problems: string[] = [];
  const wrong = (field: string, expected: string) => {
    problems.push(`${actionAnnotation} ${field} is ${JSON.stringify(parsed[field])}, expected ${expected}`);
  };
  const action = actions.find((known) => known === parsed.action);
  const gate = gates.find((known) => known === parsed.gate);
  const { id, run, revision, actor } = parsed;
  const at = momentOf(parsed.at);
  if (action === undefined) wrong("action", `one of: ${actions.join(", ")}`);
  if (parsed.gate !== undefined && gate === undefined) wrong("gate", `one of: ${gates.join(", ")}`);
  if (typeof id !== "string" || id === "") wrong("id", "a text that is new for every action");
  if (typeof run !== "number" || !Number.isInteger(run)) wrong("run", "the number in status.run");
  if (typeof revision !== "string" || revision === "") wrong("revision", "the revision in status.targetRevision");
  if (typeof actor !== "string" || actor === "") wrong("actor", "who asks");
  if (at === undefined) wrong("at", "a moment such as 2026-01-31T12:00:00Z");
  if (
    action === undefined ||
    typeof id !== "string" ||
    typeof run !== "number" ||
    typeof revision !== "string" ||
    typeof actor !== "string" ||
    at === undefined ||
    problems.length > 0
  ) {
    return { problem: problems.join("; ") };
  }
  return { action: withGate({ id, action, run, revision, actor, at }, gate) };
}

function withGate(action: HumanAction, gate: Gate | undefined): HumanAction {
  return gate === undefined ? action : { ...action, gate };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Epoch ms of RFC 3339 text or of a number of milliseconds. */
function momentOf(value: unknown): number | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : value;
  return typeof ms === "number" && Number.isFinite(ms) ? ms : undefined;
}
