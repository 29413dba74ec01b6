import { expect, test } from "vitest";
import { createReadiness, followState } from "./readiness.ts";

test("is ready once every check was ok and the parts are started", () => {
  const readiness = createReadiness();
  const redis = readiness.add("redis");
  const kube = readiness.add("kubernetes");
  redis.ok();
  kube.ok();
  expect(readiness.status().status).toBe("starting");
  readiness.started();
  expect(readiness.status()).toEqual({ status: "ready", checks: { redis: "ok", kubernetes: "ok" } });
});

test("stays starting while a remote never came, and says so", () => {
  const readiness = createReadiness();
  readiness.add("redis").down("connection refused, attempt 3");
  readiness.started();
  expect(readiness.status()).toEqual({ status: "starting", checks: { redis: "connection refused, attempt 3" } });
});

test("is degraded, not unready, when a remote goes away later", () => {
  const readiness = createReadiness();
  const redis = readiness.add("redis");
  const seen: string[] = [];
  readiness.onChange(({ status }) => seen.push(status));
  readiness.started();
  redis.ok();
  redis.down("gone");
  redis.down("still gone");
  expect(readiness.status()).toEqual({ status: "degraded", checks: { redis: "still gone" } });
  redis.ok();
  readiness.stopping();
  expect(seen).toEqual(["ready", "degraded", "ready", "stopping"]);
});

test("an app without remotes is ready as soon as it is started", () => {
  const readiness = createReadiness();
  readiness.started();
  expect(readiness.status()).toEqual({ status: "ready", checks: {} });
});

test("an optional remote never holds readiness back, but is named", () => {
  const readiness = createReadiness();
  const api = readiness.add("kubernetes");
  const redis = readiness.add("redis", { optional: true });
  readiness.started();
  redis.down("connection refused");
  expect(readiness.status().status).toBe("starting");
  api.ok();
  expect(readiness.status()).toEqual({ status: "degraded", checks: { kubernetes: "ok", redis: "connection refused" } });
  redis.ok();
  expect(readiness.status().status).toBe("ready");
});

test("a check follows a remote: starting, up, down for its reason", () => {
  const readiness = createReadiness();
  const told: ((state: string, reason?: string) => void)[] = [];
  const remote = {
    state: () => "syncing",
    onState: (listener: (state: string, reason?: string) => void) => told.push(listener),
  };
  followState(readiness.add("kubernetes"), remote);
  followState(readiness.add("redis"), { ...remote, state: () => "up" });
  const checks = (): unknown => readiness.status().checks;
  expect(checks()).toEqual({ kubernetes: "starting", redis: "ok" });
  for (const tell of told) tell("up");
  expect(checks()).toEqual({ kubernetes: "ok", redis: "ok" });
  told[0]?.("down", "connection refused");
  told[1]?.("down");
  expect(checks()).toEqual({ kubernetes: "connection refused", redis: "down" });
});
