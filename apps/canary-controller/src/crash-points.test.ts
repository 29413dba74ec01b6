// A crash after anything that the controller does leaves a state from which the next start ends the same way.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { type Plot, runCourse } from "./testing/course/course.ts";
import { differences, sample } from "./testing/course/many.ts";

/** What a test without BURGEE_TEST_SCALE can afford. */
const pointsPerPlot = 12;

describe("a controller that crashes after any write, any message and any hook", { timeout: 600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  test.each([
    ["promotes the good release all the same", "good", undefined],
    ["promotes the good release in a mesh all the same", "good", "istio"],
    ["rolls the bad release back all the same", "bad", undefined],
    ["lets a deleted Canary go and its target serve all the same", "deleted", undefined],
  ] as const)("%s", async (_title, plot: Plot, provider) => {
    const around = provider === undefined ? {} : { provider };
    const { outcome: undisturbed, deeds } = await runCourse(cluster, { plot, ...around });
    expect(undisturbed).toMatchObject({ lost: [], alerts: alerts[plot] });
    const replicas = plot === "deleted" ? 1 : 0;
    expect(undisturbed.objects["deployments/podinfo"]).toMatchObject({ spec: { replicas } });
    expect(kindsOf(deeds)).toEqual(expect.arrayContaining(kinds[plot].flatMap(routedBy(provider))));
    const points = sample(
      deeds.map((_, i) => i + 1),
      pointsPerPlot,
    );
    const wrong = await differences(points, {
      undisturbed: () => undisturbed,
      run: (crashAfter) => runCourse(cluster, { plot, crashAfter, ...around }),
      name: (point, course) => `crash after deed ${point} (${course?.crashedAfter ?? deeds[point - 1]})`,
    });
    expect(wrong).toEqual([]);
  });
});

/** The kinds of deeds that occur: a kind that no longer does is no longer tried. */
function kindsOf(deeds: readonly string[]): string[] {
  const all = deeds.map((deed) => {
    const [verb = "", what = ""] = deed.split(" ");
    return `${verb} ${what.replace(/\/(podinfo|http).*?(\/status)?$/, "$2").replace(/^http:..hooks.course./, "")}`;
  });
  return [...new Set(all)];
}

/** What stands for the writes of an HTTPRoute. */
const routedBy = (provider: "istio" | undefined) => (kind: string) => {
  if (provider === undefined || !kind.endsWith(" httproutes")) return [kind];
  const meshed = kind.replace("httproutes", "virtualservices");
  return kind.startsWith("create") ? [meshed, "create destinationrules"] : [meshed];
};

const initialization = [
  "create configmaps",
  "create deployments",
  "create events",
  "create horizontalpodautoscalers",
  "create httproutes",
  "create services",
  "patch canaries",
  "patch deployments",
  "publish alerts",
  "publish rollout.events",
  "update canaries/status",
];
const run = [
  ...initialization,
  "call confirm-rollout",
  "call confirm-traffic-increase",
  "call event",
  "call post-rollout",
  "call pre-rollout",
  "call rollback",
  "call rollout",
  "publish analysis.requests",
  "update httproutes",
];
const copy = ["update configmaps", "update deployments", "update horizontalpodautoscalers"];
const kinds: Record<Plot, string[]> = {
  good: [...run, ...copy, "call confirm-promotion"],
  bad: [...run, "call on-rollback"],
  deleted: initialization,
};
const initialized = "New Deployment detected, initialization completed.";
const started = "New revision detected, progressing canary analysis.";
const alerts: Record<Plot, string[]> = {
  good: [initialized, started, "Canary analysis completed successfully, promotion finished."],
  bad: [initialized, started, "Failed checks threshold reached 1"],
  deleted: [initialized],
};
