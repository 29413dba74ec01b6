// What the courses that are disturbed elsewhere are made of: a kind of deed that no longer occurs is no longer tried.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { runCourse } from "./testing/course/course.ts";

interface Row {
  plot: "good" | "bad" | "deleted";
  provider?: string;
  deeds: readonly string[];
  alerts: readonly string[];
}

const initialization = [
  "create configmaps",
  "create deployments",
  "create events",
  "create horizontalpodautoscalers",
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
];
const promotion = [
  "call confirm-promotion",
  "update configmaps",
  "update deployments",
  "update horizontalpodautoscalers",
];
const initialized = "New Deployment detected, initialization completed.";
const started = "New revision detected, progressing canary analysis.";
const finished = "Canary analysis completed successfully, promotion finished.";

const rows: Record<string, Row> = {
  "a good release": {
    plot: "good",
    deeds: [...run, ...promotion, "create httproutes", "update httproutes"],
    alerts: [initialized, started, finished],
  },
  "a good release in a mesh": {
    plot: "good",
    provider: "istio",
    deeds: [...run, ...promotion, "create virtualservices", "create destinationrules", "update virtualservices"],
    alerts: [initialized, started, finished],
  },
  "a bad release": {
    plot: "bad",
    deeds: [...run, "create httproutes", "update httproutes", "call on-rollback"],
    alerts: [initialized, started, "Failed checks threshold reached 1"],
  },
  "a Canary that is deleted": {
    plot: "deleted",
    deeds: [...initialization, "create httproutes"],
    alerts: [initialized],
  },
};

describe("a course with", () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  test.concurrent.each(Object.entries(rows))("%s has every deed in it", async (_, { deeds, alerts, ...course }) => {
    const played = await runCourse(cluster, course);
    expect(kindsOf(played.deeds)).toEqual(expect.arrayContaining([...deeds]));
    expect(played.outcome).toMatchObject({ lost: [], alerts });
    const replicas = course.plot === "deleted" ? 1 : 0;
    expect(played.outcome.objects["deployments.apps/podinfo"]).toMatchObject({ spec: { replicas } });
  });
});

function kindsOf(deeds: readonly string[]): string[] {
  const all = deeds.map((deed) => {
    const [verb = "", what = ""] = deed.split(" ");
    return `${verb} ${what.replace(/\/(podinfo|http).*?(\/status)?$/, "$2").replace(/^http:..hooks.course./, "")}`;
  });
  return [...new Set(all)];
}
