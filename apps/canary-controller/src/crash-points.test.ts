// Whatever becomes of a controller after anything that it does, the next one or the same one ends the same way.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { type CourseOptions, type Fate, runCourse } from "./testing/course/course.ts";
import { differences, sample } from "./testing/course/many.ts";
import { table } from "./testing/course/table.ts";

/** What a test without BURGEE_TEST_SCALE can afford. */
const rowsTried = 16;
const pointsPerCourse = 2;

describe("a controller", { timeout: 3_600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  /** Plays a course undisturbed, and then again for deeds of it; resolves with those that ended otherwise. */
  async function otherEnds(course: CourseOptions, fate: Fate): Promise<string[]> {
    const { outcome: undisturbed, deeds } = await runCourse(cluster, course);
    expect(undisturbed.lost).toEqual([]);
    const points = deeds.map((_, i) => i + 1);
    return differences(sample(points, pointsPerCourse), {
      undisturbed: () => undisturbed,
      run: (after) => runCourse(cluster, { ...course, fate, after }),
      name: (after, ended) => `${fate} after deed ${after} (${ended?.turnedAfter ?? deeds[after - 1]})`,
    });
  }

  test.concurrent.each(sample(table, rowsTried))("that crashes: $title, $plot", async ({ scene, plot }) => {
    expect(await otherEnds({ ...scene, plot }, "crashes")).toEqual([]);
  });

  const others: readonly Fate[] = ["is paused", "loses its watches"];
  const main = table.filter(({ title }) => title === "weighted of a Deployment");
  test.concurrent.each(others.flatMap((fate) => sample(main, 2).map((row) => ({ ...row, fate }))))(
    "that $fate: $title, $plot",
    async ({ scene, plot, fate }) => {
      expect(await otherEnds({ ...scene, plot }, fate)).toEqual([]);
    },
  );
});
