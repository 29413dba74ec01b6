import { createFlagStore } from "@burgee/flag-sync";
import { createMetrics } from "@burgee/service-kit";
import { expect, it } from "vitest";
import { createEvaluationCounts } from "./impressions.ts";
import { measureLifecycle } from "./lifecycle.ts";

const flag = (metadata: object): object => ({
  state: "ENABLED",
  variants: { on: true },
  defaultVariant: "on",
  metadata,
});

it("tells of flags past their expiry and of flags that nobody asks for, by owner", async () => {
  const metrics = createMetrics();
  const store = createFlagStore(["file"]);
  const evaluations = createEvaluationCounts(metrics);
  let now = Date.parse("2026-01-31T23:59:59Z");
  measureLifecycle({ metrics, store, evaluations, clock: { now: () => now } });
  const gauges = async (): Promise<string[]> =>
    (await metrics.page()).split("\n").filter((line) => line.startsWith("burgee_flagd_"));

  store.update("file", {
    flags: {
      a: flag({ owner: "web", expiry: "2026-01-31" }),
      b: flag({ owner: "web", expiry: "2025-12-31T23:00:00+01:00" }),
      c: flag({ expiry: "some day" }),
    },
  });
  expect(await gauges()).toEqual([
    'burgee_flagd_expired_flags{owner="web"} 1',
    'burgee_flagd_never_evaluated_flags{owner="web"} 2',
    'burgee_flagd_never_evaluated_flags{owner=""} 1',
  ]);

  now += 1_000;
  const stored = store.snapshot().get("a", { kind: "all" });
  evaluations.record(stored?.flag, { ok: true, value: true, variant: "on", reason: "STATIC", metadata: {} }, 0);
  expect(await gauges()).toEqual([
    'burgee_flagd_expired_flags{owner="web"} 2',
    'burgee_flagd_never_evaluated_flags{owner="web"} 1',
    'burgee_flagd_never_evaluated_flags{owner=""} 1',
  ]);

  // A flag that was asked for stays so when it changes; an owner without such flags goes to zero.
  store.update("file", { flags: { a: flag({ owner: "web" }) } });
  expect(await gauges()).toEqual([
    'burgee_flagd_expired_flags{owner="web"} 0',
    'burgee_flagd_never_evaluated_flags{owner="web"} 0',
    'burgee_flagd_never_evaluated_flags{owner=""} 0',
  ]);
});
