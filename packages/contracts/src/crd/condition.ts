import Type from "typebox";
import { moment, oneOf } from "./field.ts";

const optional = Type.Optional;

/** A condition of a status, as all kinds have it. */
export const ConditionSchema = Type.Object({
  type: Type.String({
    description: "Promoted, Ready, Reconciling, Stalled, InvalidSpec, AnalysisUnknown, BusUnavailable, …",
  }),
  status: oneOf(["True", "False", "Unknown"], "Whether it holds."),
  reason: Type.String({ description: "One word." }),
  message: optional(Type.String({ description: "For people." })),
  observedGeneration: optional(Type.Number({ description: "Generation of the Canary that was judged." })),
  lastUpdateTime: optional(moment("When status or reason changed.")),
  lastTransitionTime: optional(moment("When status changed.")),
});
/** The status of a kind of which nothing is told but what is wrong with an object. */
export const ProblemStatusSchema = Type.Object({
  conditions: optional(Type.Array(ConditionSchema, { description: "What is wrong with it, if anything." })),
});
