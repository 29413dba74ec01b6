// Messages that come twice, late, in another order or about something else: the rollout ends as the undisturbed one.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { runCourse } from "./testing/course/course.ts";
import { chanceFrom, disturbedBus } from "./testing/course/disturbed-bus.ts";
import { differences, sample } from "./testing/course/many.ts";
import type { Plot } from "./testing/course/plot.ts";

/** The seeds are always the same ones: what fails once fails again. */
const seeds = Array.from({ length: 100 }, (_, i) => 1_000 + i);
/** What a test without BURGEE_TEST_SCALE can afford. */
const coursesPerPlot = 3;

describe("when messages come twice, late, in another order and about other checks", { timeout: 600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  test.each([
    ["the good release is promoted all the same", "good"],
    ["the bad release is rolled back all the same", "bad"],
  ] as const)("%s", async (_title, plot: Plot) => {
    const { outcome: undisturbed } = await runCourse(cluster, { plot });
    const wrong = await differences(sample(seeds, coursesPerPlot), {
      undisturbed: () => undisturbed,
      run: (seed) => {
        const chance = chanceFrom(seed);
        return runCourse(cluster, { plot, otherVerdicts: true, disturbBus: (bus) => disturbedBus(bus, chance) });
      },
      name: (seed) => `seed ${seed}`,
    });
    expect(wrong).toEqual([]);
  });
});
