// A crash after anything that the controller does for a FlagRollout leaves a state from which the next start ends the same way.
import type { FlagRollout } from "@burgee/contracts/crd";
import { waitFor } from "@burgee/service-kit/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "../testing/course/cluster.ts";
import type { Course } from "../testing/course/course.ts";
import { differences, sample } from "../testing/course/many.ts";
import { createMortalLife } from "../testing/course/mortal-life.ts";
import { outcomeOf } from "../testing/course/outcome.ts";
import { verdictsOf } from "../testing/course/plot.ts";
import { setStage } from "../testing/course/stage.ts";
import { flagOverrides } from "./flag-resources.ts";
import { flagRollouts } from "./flag-rollout-resource.ts";

/** What a test without BURGEE_TEST_SCALE can afford. */
const pointsPerPlot = 2;
const name = "checkout";
const plots = ["good", "bad", "superseded", "deleted in a run"] as const;
type Plot = (typeof plots)[number];

const flagRollout = (namespace: string) => ({
  apiVersion: "burgee.dev/v1alpha1",
  kind: "FlagRollout",
  metadata: { name, namespace },
  spec: {
    flagRef: { name: "shop-flags", key: "checkout" },
    variant: "on",
    analysis: {
      interval: "10ms",
      threshold: 1,
      stepWeights: [5, 50],
      metrics: [{ name: "errors", query: "up", thresholdRange: { max: 1 } }],
      alerts: [{ name: "team", severity: "info", providerRef: { name: "slack" } }],
    },
  },
});

describe("a controller that crashes after any write and any message of a FlagRollout", { timeout: 600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  test.concurrent.each(plots)("%s: ends the same way", async (plot) => {
    const { outcome: undisturbed, deeds } = await play(cluster, { plot });
    expect(undisturbed.lost).toEqual([]);
    expect(deeds.some((deed) => deed.includes(" flagoverrides/"))).toBe(true);
    const points = deeds.map((_, i) => i + 1);
    const wrong = await differences(sample(points, pointsPerPlot), {
      undisturbed: () => undisturbed,
      run: (after) => play(cluster, { plot, after }),
      name: (after, ended) => `crash after deed ${after} (${ended?.turnedAfter ?? deeds[after - 1]})`,
    });
    expect(wrong).toEqual([]);
  });
});

function play(cluster: CourseCluster, o: { plot: Plot; after?: number }): Promise<Course> {
  return cluster.inTurn(async () => {
    const stage = await setStage(cluster, { scene: {}, verdicts: verdictsOf(o.plot) });
    const first = createMortalLife({ after: o.after, as: "ends" });
    const running = [await stage.start(first)];
    const successor = first.turned.then(async () => {
      running.pop()?.abandon();
      await stage.expireLease();
      running.push(await stage.start(createMortalLife()));
    });
    const { namespace, bus, hooks } = stage;
    try {
      const successorFails = successor.then(() => new Promise<never>(() => undefined));
      const last = await Promise.race([successorFails, tell(cluster, { namespace, plot: o.plot })]);
      if (first.deeds.length >= (o.after ?? Number.POSITIVE_INFINITY)) await successor;
      for (const controller of running.splice(0)) await controller.stop();
      // What was under way when the FlagRollout went is collected as in any cluster.
      if (o.plot === "deleted in a run") await waitFor(() => nothingLaid(cluster, namespace));
      const read = await outcomeOf({ client: cluster.client, bus, namespace, hookCalls: hooks.calls, waited: false });
      const turnedAfter = o.after === undefined ? undefined : first.deeds[o.after - 1];
      return { outcome: { ...read, status: last }, deeds: first.deeds, turnedAfter, calls: [] };
    } finally {
      for (const controller of running) await controller.stop();
      await stage.close();
    }
  });
}

/** What people do, and the end; resolves with what is left of the status. */
async function tell(cluster: CourseCluster, { namespace, plot }: { namespace: string; plot: Plot }): Promise<object> {
  const { sim, client } = cluster;
  const ref = { namespace, name };
  const until = async (what: string, is: (status: FlagRollout["status"]) => boolean): Promise<object> => {
    let status: FlagRollout["status"];
    const look = async () => {
      status = (await client.get(flagRollouts, ref)).status;
      return is(status);
    };
    await waitFor(look, { timeoutMs: 30_000, describe: () => ({ what, status }) });
    const { phase, run, check, canaryWeight, failedChecks, flags, routes } = status ?? {};
    return { phase, run, check, canaryWeight, failedChecks, flags, routes };
  };
  const ends = (phase: "Succeeded" | "Failed") => until(phase, (status) => status?.phase === phase && isQuiet(status));
  await sim.apply(flagRollout(namespace));
  if (plot === "good") return ends("Succeeded");
  if (plot === "bad") return ends("Failed");
  await until("in a run", (status) => status?.pendingCheck !== undefined);
  if (plot === "superseded") {
    await client.patch(flagRollouts, ref, { spec: { variant: "off" } }, { type: "merge" });
    return ends("Succeeded");
  }
  await client.delete(flagRollouts, ref);
  await waitFor(async () => (await client.tryGet(flagRollouts, ref)) === undefined);
  await waitFor(() => nothingLaid(cluster, namespace));
  return {};
}

async function nothingLaid({ client }: CourseCluster, namespace: string): Promise<boolean> {
  return (await client.list(flagOverrides, { namespace })).items.length === 0;
}

function isQuiet({ announcements, afterRun, pendingCheck }: NonNullable<FlagRollout["status"]>): boolean {
  return [announcements, afterRun, pendingCheck].every((value) => value === undefined);
}
