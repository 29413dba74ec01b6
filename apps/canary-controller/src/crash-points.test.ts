// Whatever becomes of a controller after anything that it does, the next one or the same one ends the same way.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { type Fate, runCourse } from "./testing/course/course.ts";
import { differences, sample } from "./testing/course/many.ts";
import { main, table, type TableRow, weighted } from "./testing/course/table.ts";

/** What a test without BURGEE_TEST_SCALE can afford. */
const rowsTried = 16;
const rowsPerFate = 2;
const pointsPerCourse = 2;
/** Where the row is not the one that is tried at every point: that a leader is paused takes a second to be noticed. */
const fewer = 8;

describe("a controller", { timeout: 3_600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  /** Plays a course undisturbed, and then again for every deed of it; resolves with those that ended otherwise. */
  async function otherEnds({ course }: TableRow, fate: Fate, o: { oneIn: number }): Promise<string[]> {
    const { outcome: undisturbed, deeds } = await runCourse(cluster, course);
    expect(undisturbed.lost).toEqual([]);
    const points = deeds.map((_, i) => i + 1).filter((_, i) => i % o.oneIn === 0);
    return differences(sample(points, pointsPerCourse), {
      undisturbed: () => undisturbed,
      run: (after) => runCourse(cluster, { ...course, fate, after }),
      name: (after, ended) => `${fate} after deed ${after} (${ended?.turnedAfter ?? deeds[after - 1]})`,
    });
  }

  test.concurrent.each(sample(table, rowsTried))("that crashes: $title", async (row) => {
    expect(await otherEnds(row, "crashes", { oneIn: 1 })).toEqual([]);
  });

  const others: readonly Fate[] = ["is paused", "loses its watches"];
  const disturbed = others.flatMap((fate) => sample(weighted, rowsPerFate).map((row) => ({ ...row, fate })));
  test.concurrent.each(disturbed)("that $fate: $title", async ({ fate, ...row }) => {
    const oneIn = main.some(({ title }) => title === row.title) ? 1 : fewer;
    expect(await otherEnds(row, fate, { oneIn })).toEqual([]);
  });
});
