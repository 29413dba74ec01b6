import Type, { type TSchema } from "typebox";
import { type ProblemCode, problemStatus } from "../api-problem.ts";

const ProblemSchema = Type.Object(
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
);

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
export function answers<S extends number, T extends TSchema>(
  success: { status: S; schema: T },
  ...problems: ProblemCode[]
) {
  const codes: ProblemCode[] = ["unauthorized", "forbidden", "unavailable", ...problems];
  const failures = Object.fromEntries(
    codes.map((code) => [problemStatus[code], { ...ProblemSchema, description: meaning[code] }]),
  );
  return { ...failures, [success.status]: success.schema };
}
