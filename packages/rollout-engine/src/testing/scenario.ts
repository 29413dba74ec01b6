import type { CanaryAnalysis, CanarySpec } from "@burgee/contracts/crd";
import type { HookResult, HumanAction } from "../observation.ts";
import type { CheckResult } from "../status.ts";
import { canaryWith, specOf } from "./canary.ts";
import { createSimulation, type Simulation } from "./simulation.ts";
import { transcript } from "./transcript.ts";

/** A scripted cluster: takes one command a line and answers with what happened. */
export interface Scenario {
  run(command: string): string;
}

const untold: ReadonlySet<string> = new Set(["initialize", "podsReadyAfter"]);

/** A Canary that does not exist before its `canary` command. */
export function createScenario(): Scenario {
  let simulation: Simulation | undefined;
  let seen = 0;
  let startedAt = 0;
  let checks: CheckResult | undefined = "pass";
  const hooks = new Map<string, HookResult | undefined>();
  let analysis: Partial<CanaryAnalysis> = {};
  let rest: Partial<CanarySpec> = {};

  const created = (): Simulation => {
    if (simulation === undefined) throw new Error("the first command must be: canary {analysis} {spec}");
    return simulation;
  };

  const create = (text: string) => {
    const [first, second] = jsonsIn(text);
    analysis = first ?? {};
    rest = second ?? {};
    const sim = createSimulation({
      spec: specOf(canaryWith(analysis, rest)),
      analyzer: () => checks,
      hook: ({ hook }) => (hooks.has(hook.name) ? hooks.get(hook.name) : { ok: true, message: "" }),
    });
    startedAt = sim.world.now;
    simulation = sim;
  };

  const commands: Readonly<Record<string, (text: string, sim: Simulation) => void>> = {
    canary: () => undefined,
    spec(text, sim) {
      const [first, second] = jsonsIn(text);
      analysis = { ...analysis, ...first };
      rest = { ...rest, ...second };
      sim.spec = specOf(canaryWith(analysis, rest));
    },
    target(text, { world }) {
      if (text === "deleted") world.target = undefined;
      else if (world.target !== undefined) world.target = { ...world.target, revision: text };
    },
    configs(text, { world }) {
      const configs = Object.fromEntries(
        text.split(" ").map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? ""]),
      );
      if (world.target !== undefined) world.target = { ...world.target, configs };
    },
    canaryPods(text, { world }) {
      if (world.target !== undefined) world.target = { ...world.target, readiness: readinessOf(text) };
    },
    primaryPods(text, { world }) {
      if (text === "deleted") world.primary = undefined;
      else if (world.primary !== undefined) world.primary.readiness = readinessOf(text);
    },
    podsReadyAfter: (text, { world }) => {
      world.podsReadyAfterMs = Number(text.replace("s", "")) * 1000;
    },
    checks: (text) => {
      checks = text === "silent" ? undefined : checkResult(text);
    },
    hook(text) {
      const [name = "", result = "", ...message] = text.split(" ");
      hooks.set(name, result === "silent" ? undefined : { ok: result === "ok", message: message.join(" ") });
    },
    action(text, { world }) {
      world.action = actionFrom(jsonsIn(text)[0] ?? {}, world.now);
    },
    annotate: (text, { world }) => {
      world.annotations = { ...world.annotations, [text]: true };
    },
    badAction: (text, { world }) => {
      world.actionProblem = text;
    },
    bus: (text, { world }) => {
      world.bus = text === "down" ? "down" : "up";
    },
    routes(text, { world }) {
      const [primary = 100, canary = 0] = text.split("/").map(Number);
      world.routes = { state: "ok", primary, canary, mirrored: false, drifted: false };
    },
    routers: (text, { world }) => {
      world.routes = {
        ...world.routes,
        drifted: text === "drifted",
        state: text === "deleted" ? "missing" : text === "unreadable" ? "error" : "ok",
        message: "VirtualService app.test get query error: forbidden",
      };
    },
    services: (text, { world }) => {
      world.services = text === "ok" ? "ok" : "drifted";
    },
    autoscaler: (_text, { world }) => {
      world.autoscaler = { paused: false, primary: "missing" };
    },
    delete: (_text, { world }) => {
      world.deleting = true;
    },
    crash: (_text, sim) => sim.restart(),
    advance: (text, sim) => sim.advance(Number(text.replace("s", "")) * 1000),
    settle: (_text, sim) => sim.settle(),
    initialize: (_text, sim) => sim.settle(),
  };

  return {
    run(line) {
      const [name = "", ...words] = line.trim().split(" ");
      const text = words.join(" ");
      if (name === "canary") create(text);
      const command = commands[name];
      if (command === undefined)
        throw new Error(`unknown command ${name}, expected one of: ${Object.keys(commands).join(", ")}`);
      const sim = created();
      command(text, sim);
      if (name === "canary") return "";
      const happened = transcript(sim, { from: seen, startedAt });
      seen = sim.happenings.length;
      // Every story begins like this one; it is told in one place.
      return untold.has(name) ? "" : happened;
    },
  };
}

function readinessOf(text: string) {
  if (text === "ready") return { ready: true } as const;
  const final = text.startsWith("never ready: ");
  return { ready: false, retriable: !final, message: text.replace(/^(not|never) ready: /, "") } as const;
}

function checkResult(text: string): CheckResult {
  if (text === "pass" || text === "fail" || text === "unknown") return text;
  throw new Error(`checks ${text}: expected pass, fail, unknown or silent`);
}

const actions = ["approve", "pause", "resume", "promote", "rollback", "restart", "skip"] as const;
const gates = ["confirm-rollout", "confirm-traffic-increase", "confirm-promotion"] as const;

function actionFrom(json: Record<string, unknown>, now: number): HumanAction {
  const action = actions.find((name) => name === json.action);
  const gate = gates.find((name) => name === json.gate);
  if (action === undefined) throw new Error(`action ${json.action}, expected one of: ${actions.join(", ")}`);
  return {
    id: String(json.id ?? `a${now}`),
    action,
    ...(gate === undefined ? {} : { gate }),
    run: Number(json.run ?? 0),
    revision: String(json.revision ?? ""),
    actor: String(json.actor ?? "jane"),
    at: now,
  };
}

/** The JSON objects of a line, one after the other. */
function jsonsIn(text: string): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === "{" && depth++ === 0) from = i;
    if (text[i] === "}" && --depth === 0) found.push(JSON.parse(text.slice(from, i + 1)));
  }
  return found;
}
