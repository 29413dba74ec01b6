import Type, { type TSchema } from "typebox";
import { type ProblemCode, problemStatus } from "../api-problem.ts";
import { CanarySummarySchema } from "../canaries/canary-view.ts";
import { FlagViewSchema } from "../flags/flag-view.ts";
import { TimelineEntrySchema } from "../timeline/timeline-entry.ts";

/** Schemas that the description names instead of repeating them. */
export const sharedSchemas = {
  Problem: Type.Object(
    {
      error: Type.Object({
        code: Type.String(),
        message: Type.String({ description: "For people; begins with the code." }),
        problems: Type.Array(
          Type.Object({ field: Type.String(), value: Type.Optional(Type.Unknown()), expected: Type.String() }),
        ),
      }),
    },
    { description: "What is wrong and what would be right." },
  ),
  Canary: CanarySummarySchema,
  Flag: FlagViewSchema,
  TimelineEntry: TimelineEntrySchema,
};

/** A schema by its name in the description. */
export function shared(name: keyof typeof sharedSchemas) {
  return Type.Unsafe<object>({ $ref: `${name}#` });
}

const meaning: Record<ProblemCode, string> = {
  invalid: "The request is malformed.",
  unauthorized: "No token, or one that is not known.",
  forbidden: "The caller may not do this.",
  not_found: "There is no such object.",
  conflict: "The object is not in the state that the request is about.",
  unprocessable: "The request does not fit the object.",
  internal: "A fault of the service.",
  unavailable: "Kubernetes or the event streams cannot be reached now.",
};

/** The answers of a route: its success and the problems it can have beside the usual ones. */
export function answers(success: { status: number; about: string; schema: TSchema }, ...problems: ProblemCode[]) {
  const codes: ProblemCode[] = ["unauthorized", "forbidden", "unavailable", ...problems];
  const failures = codes.map((code) => [problemStatus[code], answer(meaning[code], shared("Problem"))]);
  return { ...Object.fromEntries(failures), [success.status]: answer(success.about, success.schema) };
}

function answer(description: string, schema: TSchema) {
  return { description, content: { "application/json": { schema } } };
}
