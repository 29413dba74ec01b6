import { momentFromMs } from "../moment.ts";
import type { Observation } from "../observation.ts";
import type { Pass } from "../pass.ts";
import type { HookSpec, RolloutSpec } from "../rollout-spec.ts";
import type { CanaryStatus } from "../status.ts";
import { canaryWith, specOf } from "./canary.ts";

/** The moment of every pass that a test makes by hand. */
export const now = Date.parse("2026-01-01T00:10:00Z");

type Present<T> = Extract<T, { state: "present" }>;

/** What differs from a healthy run of revision v2 at weight 20, a tick of which ended 3 s ago. `undefined` removes a field. */
export interface Given {
  readonly spec?: Partial<RolloutSpec>;
  readonly status?: { readonly [K in keyof CanaryStatus]?: CanaryStatus[K] | undefined };
  readonly seen?: Partial<Omit<Observation, "target" | "primary" | "routes">>;
  readonly target?: Partial<Present<Observation["target"]>> | "missing";
  readonly primary?: Partial<Present<Observation["primary"]>> | "missing";
  readonly routes?: Partial<Observation["routes"]>;
}

/** A pass over it. */
export function passWith(given: Given): Pass {
  const status = statusWith(given.status ?? {});
  return { spec: { ...healthySpec, ...given.spec }, seen: seenWith(given), before: status, status };
}

const healthySpec = specOf(
  canaryWith({
    maxWeight: 50,
    stepWeight: 10,
    metrics: [{ name: "request-success-rate", thresholdRange: { min: 99 } }],
  }),
);

function statusWith(changes: NonNullable<Given["status"]>): CanaryStatus {
  const healthy: CanaryStatus = {
    phase: "Progressing",
    failedChecks: 0,
    canaryWeight: 20,
    iterations: 0,
    lastAppliedSpec: "v2",
    lastPromotedSpec: "v1",
    targetRevision: "v2",
    conditions: [{ type: "Promoted", status: "Unknown", reason: "Progressing" }],
    run: 1,
    check: 1,
    opened: true,
    routes: { primary: 80, canary: 20, mirrored: false },
    tick: { number: 3, startedAt: momentFromMs(now - 4000), finishedAt: momentFromMs(now - 3000), result: "pass" },
  };
  const merged = Object.entries({ ...healthy, ...changes }).filter(([, value]) => value !== undefined);
  // Every required field is in `healthy`, and no test removes one.
  return Object.fromEntries(merged) as unknown as CanaryStatus;
}

function seenWith({ seen, target, primary, routes }: Given): Observation {
  return {
    now,
    deleting: false,
    finalizer: false,
    target:
      target === "missing"
        ? { state: "missing", message: "deployment app.test get query error: not found" }
        : {
            state: "present",
            revision: "v2",
            configs: undefined,
            readiness: { ready: true },
            replicas: 2,
            image: "app:v2",
            ...target,
          },
    primary:
      primary === "missing"
        ? { state: "missing" }
        : { state: "present", readiness: { ready: true }, replicas: 2, release: "v1", ...primary },
    services: "ok",
    routes: { state: "ok", primary: 80, canary: 20, mirrored: false, drifted: false, ...routes },
    hookResults: {},
    annotations: { skipAnalysis: false, reset: false },
    bus: "up",
    announced: [],
    ...seen,
  };
}

/** A hook with every default, named by its type when nothing else is said. */
export function hookOf(type: HookSpec["type"], changes: Partial<HookSpec> = {}): HookSpec {
  const name = changes.name ?? type;
  return {
    id: name,
    name,
    type,
    url: "http://hook.test/",
    timeoutMs: 10_000,
    retries: 0,
    muteAlert: false,
    disableTLS: false,
    metadata: {},
    events: [],
    minWeight: 0,
    ...changes,
  };
}
