import { expect, test } from "vitest";
import { stepFrom } from "./step-weight.ts";

const list = { stepWeight: 0, stepWeights: [5, 20, 60] };

const cases: Readonly<Record<string, { spec: Parameters<typeof stepFrom>[0]; weight: number; step: number }>> = {
  "stepWeight is the step": { spec: { stepWeight: 10, stepWeights: [] }, weight: 30, step: 10 },
  "stepWeight wins over the list": { spec: { ...list, stepWeight: 10 }, weight: 5, step: 10 },
  "the first of the list from nothing": { spec: list, weight: 0, step: 5 },
  "the way to the next of the list": { spec: list, weight: 20, step: 40 },
  "all the way from the last of the list": { spec: list, weight: 60, step: 40 },
  "all the way from a weight that is not in the list": { spec: list, weight: 33, step: 67 },
  "never more than a hundred in all": { spec: { stepWeight: 0, stepWeights: [150] }, weight: 0, step: 100 },
};

for (const [name, { spec, weight, step }] of Object.entries(cases)) {
  test(name, () => expect(stepFrom(spec, weight)).toBe(step));
}
