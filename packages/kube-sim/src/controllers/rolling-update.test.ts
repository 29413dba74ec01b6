import { describe, expect, it } from "vitest";
import { limitsOf, nextStep, proportionally, type SetState } from "./rolling-update.ts";

interface StepCase {
  fresh: [desired: number, available: number];
  old: [desired: number, available: number][];
  limits: [replicas: number, maxSurge: number, maxUnavailable: number];
  expected: Record<string, number>;
}

const set = (name: string, [desired, available]: [number, number]): SetState => ({ name, desired, available });

const steps: Record<string, StepCase> = {
  "begins with as many new pods as the surge allows": {
    fresh: [0, 0],
    old: [[4, 4]],
    limits: [4, 1, 1],
    expected: { new: 1, old0: 3 },
  },
  "waits while new pods are not available": { fresh: [2, 1], old: [[3, 3]], limits: [4, 1, 0], expected: {} },
  "takes an old pod for each new one that is available": {
    fresh: [1, 1],
    old: [[4, 4]],
    limits: [4, 1, 0],
    expected: { old0: 3 },
  },
  "removes old pods that are not available first": {
    fresh: [1, 0],
    old: [
      [3, 0],
      [1, 1],
    ],
    limits: [3, 2, 1],
    expected: { old0: 1 },
  },
  "keeps enough pods available": { fresh: [2, 2], old: [[2, 2]], limits: [4, 0, 1], expected: { old0: 1 } },
  "ends with the new set alone": { fresh: [4, 4], old: [[1, 1]], limits: [4, 1, 1], expected: { old0: 0 } },
  "shrinks the new set when fewer replicas are wanted": {
    fresh: [5, 5],
    old: [],
    limits: [2, 1, 1],
    expected: { new: 2 },
  },
  "starts from nothing": { fresh: [0, 0], old: [], limits: [3, 1, 1], expected: { new: 3 } },
  "has nothing to do when done": { fresh: [3, 3], old: [[0, 0]], limits: [3, 1, 1], expected: {} },
};

describe("the next step of a rolling update", () => {
  it.each(Object.entries(steps))("%s", (_sentence, { fresh, old, limits, expected }) => {
    const [replicas, maxSurge, maxUnavailable] = limits;
    const step = nextStep(
      set("new", fresh),
      old.map((state, index) => set(`old${index}`, state)),
      { replicas, maxSurge, maxUnavailable },
    );
    expect(Object.fromEntries(step)).toEqual(expected);
  });
});

describe("the limits of a rolling update", () => {
  const cases: Record<
    string,
    { replicas: number; maxSurge: unknown; maxUnavailable: unknown; expected: [number, number] }
  > = {
    "round surge up and unavailability down": { replicas: 3, maxSurge: "25%", maxUnavailable: "25%", expected: [1, 0] },
    "take numbers as they are": { replicas: 10, maxSurge: 3, maxUnavailable: 2, expected: [3, 2] },
    "are never both zero": { replicas: 1, maxSurge: 0, maxUnavailable: "10%", expected: [0, 1] },
  };
  it.each(Object.entries(cases))("%s", (_sentence, { replicas, maxSurge, maxUnavailable, expected }) => {
    const limits = limitsOf({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a", uid: "", resourceVersion: "", creationTimestamp: "" },
      spec: { replicas, strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable } } },
    });
    expect([limits.maxSurge, limits.maxUnavailable]).toEqual(expected);
  });
});

describe("a change of size during a rollout", () => {
  it("is spread over the sets in proportion", () => {
    const sets = [set("new", [3, 3]), set("old", [9, 9])];
    expect(Object.fromEntries(proportionally(sets, 24))).toEqual({ new: 6, old: 18 });
  });
});
