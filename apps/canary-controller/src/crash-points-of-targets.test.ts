// The crash property for the other kinds of targets: what differs is how they are scaled, copied and promoted.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { type Plot, runCourse } from "./testing/course/course.ts";
import { differences, sample } from "./testing/course/many.ts";
import type { CourseTarget } from "./testing/course/manifests.ts";

/** What a test without BURGEE_TEST_SCALE can afford: of the writes of workloads, which is what the kinds differ in. */
const points = 2;
const rows: [CourseTarget, Plot][] = [
  ["DaemonSet", "good"],
  ["DaemonSet", "bad"],
  ["DaemonSet", "deleted"],
  ["StatefulSet", "good"],
  ["StatefulSet", "bad"],
  ["StatefulSet", "deleted"],
];

describe("a controller that crashes after any write of a workload, and around it", { timeout: 600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  test.concurrent.each(rows)("ends the course of a %s that is %s all the same", async (target, plot) => {
    const { outcome: undisturbed, deeds } = await runCourse(cluster, { plot, target });
    expect(undisturbed.lost).toEqual([]);
    const writes = deeds.flatMap((deed, i) => (deed.includes(` ${target.toLowerCase()}s/`) ? [i + 1] : []));
    expect(writes.length).toBeGreaterThanOrEqual({ good: 5, bad: 4, deleted: 3 }[plot]);
    const around = new Set(writes.flatMap((write) => [write - 1, write]).filter((point) => point > 0));
    const wrong = await differences(sample([...around], points), {
      undisturbed: () => undisturbed,
      run: (crashAfter) => runCourse(cluster, { plot, target, crashAfter }),
      name: (point, course) => `crash after deed ${point} (${course?.crashedAfter ?? deeds[point - 1]})`,
    });
    expect(wrong).toEqual([]);
  });
});
