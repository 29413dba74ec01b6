import type { Observation } from "../observation.ts";
import { releaseOf } from "../revision.ts";
import { allToPrimary } from "../routes.ts";
import type { CanaryStatus } from "../status.ts";

/**
 * The world as it would be if every effect had been made: a dry run decides and tells, and makes none. So the whole run
 * can be followed without a primary, a route or a scaled canary.
 */
export function asIfDone(status: CanaryStatus, seen: Observation): Observation {
  if (seen.target.state === "missing") return seen;
  const routes = status.routes ?? allToPrimary;
  const revision = status.targetRevision ?? seen.target.revision;
  const promoting = status.phase === "Promoting" || status.phase === "Finalising";
  const idle = status.phase === "" || status.phase === "Initializing";
  return {
    ...seen,
    target: { ...seen.target, replicas: idle ? 0 : 1, readiness: { ready: true } },
    primary: {
      state: "present",
      readiness: { ready: true },
      replicas: 1,
      release: promoting
        ? releaseOf(revision, status.trackedConfigs)
        : releaseOf(seen.target.revision, seen.target.configs),
    },
    services: "ok",
    routes: { ...routes, state: "ok", drifted: false },
    ...(seen.autoscaler === undefined
      ? {}
      : { autoscaler: { state: "present", paused: !promoting && idle, primary: "ok" } }),
  };
}
