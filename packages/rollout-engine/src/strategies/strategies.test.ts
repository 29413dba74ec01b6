import { describe, expect, test } from "vitest";
import type { CanaryStatus, Routes } from "../status.ts";
import { canaryWith, specOf } from "../testing/canary.ts";
import { nextMove } from "./strategies.ts";

type Analysis = Parameters<typeof canaryWith>[0];

/** Follows the moves of a strategy from the start to the promotion, every tick green. */
function trace(analysis: Analysis, provider = "gatewayapi:v1"): string[] {
  const spec = specOf(canaryWith(analysis), { provider });
  let status: CanaryStatus = { phase: "Progressing", failedChecks: 0, canaryWeight: 0, iterations: 0 };
  const moves: string[] = [];
  for (let i = 0; i < 50; i += 1) {
    const move = nextMove(spec, status);
    const gates = move.gates.map((gate) => ` [${gate}]`).join("");
    if (move.kind === "promote") return [...moves, `promote${gates}`];
    const routes = move.routes ?? status.routes;
    moves.push(`${text(routes)} it ${move.changes.iterations ?? status.iterations}${gates}`);
    status = { ...status, ...move.changes, ...(routes === undefined ? {} : { routes }) };
  }
  return moves;
}

function text(routes: Routes | undefined): string {
  if (routes === undefined) return "100/0";
  return `${routes.primary}/${routes.canary}${routes.mirrored ? ` mirror ${routes.mirrorWeight ?? "all"}` : ""}`;
}

const increase = " [confirm-traffic-increase]";
const promotion = "promote [confirm-promotion]";
const atMax = `promote${increase} [confirm-promotion]`;
const match = [{ headers: { "x-beta": { exact: "true" } } }];

const cases: Readonly<Record<string, { analysis: Analysis; provider?: string; moves: readonly string[] }>> = {
  "steps of ten up to fifty": {
    analysis: { stepWeight: 10, maxWeight: 50 },
    moves: [...["90/10", "80/20", "70/30", "60/40", "50/50"].map((w) => `${w} it 0${increase}`), atMax],
  },
  "a step that overshoots the maximum": {
    analysis: { stepWeight: 20, maxWeight: 50 },
    moves: [...["80/20", "60/40", "40/60"].map((w) => `${w} it 0${increase}`), atMax],
  },
  "a step that overshoots everything": {
    analysis: { stepWeight: 60 },
    moves: [...["40/60", "0/100"].map((w) => `${w} it 0${increase}`), atMax],
  },
  "a list of weights, the last of which promotes": {
    analysis: { stepWeights: [1, 10, 80], maxWeight: 50 },
    moves: [...["99/1", "90/10", "20/80"].map((w) => `${w} it 0${increase}`), atMax],
  },
  "green checks held at the maximum": {
    analysis: { stepWeight: 50, maxWeight: 50, iterations: 3 },
    moves: [`50/50 it 0${increase}`, `50/50 it 1${increase}`, `50/50 it 2${increase}`, atMax],
  },
  "mirrored traffic first": {
    analysis: { stepWeight: 50, maxWeight: 50, mirror: true },
    moves: [`100/0 mirror all it 0${increase}`, "50/50 it 0", atMax],
  },
  "a mirrored share that grows": {
    analysis: {
      stepWeight: 50,
      maxWeight: 50,
      mirror: true,
      mirrorWeight: 20,
      mirrorStepWeight: 30,
      maxMirrorWeight: 60,
    },
    moves: [`100/0 mirror 20 it 0${increase}`, "100/0 mirror 50 it 0", "100/0 mirror 60 it 0", "50/50 it 0", atMax],
  },
  "A/B: the matching requests for so many checks": {
    analysis: { iterations: 2, match },
    moves: ["0/100 it 1", "0/100 it 2", promotion],
  },
  "blue/green: nothing, then everything": {
    analysis: { iterations: 2 },
    moves: ["100/0 it 1", "100/0 it 2", "0/100 it 3 [confirm-promotion]", promotion],
  },
  "blue/green with a mirror": {
    analysis: { iterations: 2, mirror: true, mirrorWeight: 10 },
    moves: ["100/0 mirror 10 it 1", "100/0 mirror 10 it 2", "0/100 it 3 [confirm-promotion]", promotion],
  },
  "blue/green with plain Services": {
    analysis: { iterations: 2, mirror: true },
    provider: "kubernetes",
    moves: ["100/0 it 1", "100/0 it 2", promotion],
  },
};

test("blue/green with a mirror leaves users on the canary after a failed promotion: nothing else serves", () => {
  const spec = specOf(canaryWith({ iterations: 2, mirror: true }));
  const routes = { primary: 0, canary: 100, mirrored: false };
  const failed = { phase: "Progressing", failedChecks: 0, canaryWeight: 100, iterations: 0, routes } as const;
  expect(nextMove(spec, { ...failed, promotionFailed: true })).not.toHaveProperty("routes");
});

describe("moves of a run whose every tick is green", () => {
  for (const [name, { analysis, provider, moves }] of Object.entries(cases)) {
    test(name, () => expect(trace(analysis, provider)).toEqual(moves));
  }
});
