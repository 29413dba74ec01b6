// Messages that come twice, late, in another order or about something else: the rollout ends as the undisturbed one.
import type { EventBus } from "@burgee/event-bus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { runCourse } from "./testing/course/course.ts";
import { chanceFrom, disturbedBus } from "./testing/course/disturbed-bus.ts";
import { createUndisturbed, differences, sample } from "./testing/course/many.ts";
import { main, table } from "./testing/course/table.ts";

/** The seeds are always the same ones: what fails once fails again. Every row has one, the main one has more. */
const cases = [...table, ...Array.from({ length: 30 }, () => main).flat()].map((row, i) => ({ row, seed: 1_000 + i }));
/** What a test without BURGEE_TEST_SCALE can afford. */
const coursesTried = 5;

describe("when messages come twice, late, in another order and about other checks", { timeout: 3_600_000 }, () => {
  let cluster: CourseCluster;
  beforeAll(async () => {
    cluster = await startCourseCluster();
  });
  afterAll(async () => cluster.stop());

  test("every rollout ends all the same", async () => {
    const play = createUndisturbed(cluster);
    const wrong = await differences(sample(cases, coursesTried), {
      undisturbed: async ({ row }) => (await play(row)).outcome,
      run: ({ row, seed }) => {
        const chance = chanceFrom(seed);
        const disturbBus = (bus: EventBus) => disturbedBus(bus, chance);
        return runCourse(cluster, { ...row.course, otherVerdicts: true, disturbBus });
      },
      name: ({ row, seed }) => `${row.title}, seed ${seed}`,
    });
    expect(wrong).toEqual([]);
  });
});
