import { parseJson } from "@burgee/service-kit";
import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { oneOf } from "../one-of.ts";

/** Where a person's decision waits for the controller. */
export const actionAnnotation = "burgee.dev/action";

/** What a person may ask of a rollout. */
export const actionNames = ["approve", "pause", "resume", "promote", "rollback", "restart", "skip"] as const;
const gateNames = ["confirm-rollout", "confirm-traffic-increase", "confirm-promotion"] as const;

/** What a caller asks for. */
export const ActionRequestSchema = Type.Object(
  {
    action: oneOf(actionNames),
    gate: Type.Optional(oneOf(gateNames)),
    run: Type.Optional(Type.Integer({ minimum: 0, description: "Refused when the run is another one by now." })),
    revision: Type.Optional(
      Type.String({ minLength: 1, description: "Refused when the revision is another one by now." }),
    ),
  },
  { additionalProperties: false },
);
export type ActionRequest = Static<typeof ActionRequestSchema>;

/** The annotation's value. */
export const WrittenActionSchema = Type.Object({
  id: Type.String({ minLength: 1 }),
  action: oneOf(actionNames),
  gate: Type.Optional(oneOf(gateNames)),
  run: Type.Integer(),
  revision: Type.String(),
  actor: Type.String(),
  at: Type.String({ description: "RFC 3339" }),
});
export type WrittenAction = Static<typeof WrittenActionSchema>;

/** Actions that let a revision go on without a passing analysis: for administrators. */
export function bypassesAnalysis(action: ActionRequest["action"]): boolean {
  return action === "promote" || action === "skip";
}

/** The action in an object's annotations; undefined when there is none or nobody can read it. */
export function readActionAnnotation(
  annotations: Readonly<Record<string, string>> | undefined,
): WrittenAction | undefined {
  const text = annotations?.[actionAnnotation];
  if (text === undefined) return undefined;
  // What somebody typed by hand may be anything: the controller says what is wrong with it.
  const value = parseJson(text);
  return Value.Check(WrittenActionSchema, value) ? value : undefined;
}
