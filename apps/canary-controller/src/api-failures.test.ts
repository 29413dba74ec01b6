// Every call of the API fails once, in every way in which calls fail: the rollout ends as the undisturbed one.
import type { Fault, FaultAction } from "@burgee/kube-sim";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { type ApiCall, type Course, runCourse } from "./testing/course/course.ts";
import { createUndisturbed, differences, sample } from "./testing/course/many.ts";
import { main, table, type TableRow } from "./testing/course/table.ts";

/** A way of failing, and how much of a rollout's calls one rollout can bear to lose in that way. */
interface Failure {
  action: FaultAction;
  share: number;
}

const failures: Record<string, Failure> = {
  "409": { action: { status: 409, reason: "Conflict" }, share: 1 / 3 },
  "429": { action: { status: 429, reason: "TooManyRequests", retryAfterSeconds: 0.02 }, share: 1 / 3 },
  "500": { action: { status: 500 }, share: 1 / 6 },
  "no answer in time": { action: { hang: true }, share: 1 / 12 },
  "a connection dropped before": { action: { drop: "before" }, share: 1 / 6 },
  "a connection dropped after the call was carried out": { action: { drop: "after" }, share: 1 / 6 },
};
/** What a test without BURGEE_TEST_SCALE can afford. */
const coursesPerFailure = 2;
const callsTried = 4;
const stories = main.filter(({ course: { plot } }) => ["good", "bad", "deleted"].includes(plot));

interface Case {
  row: TableRow;
  failure: string;
  name: string;
  faults: readonly Fault[];
}

describe("when calls of the API fail", { timeout: 3_600_000 }, () => {
  let cluster: CourseCluster;
  let undisturbed: (row: TableRow) => Promise<Course>;
  beforeAll(async () => {
    cluster = await startCourseCluster();
    undisturbed = createUndisturbed(cluster);
  });
  afterAll(async () => cluster.stop());

  const wrongEnds = (cases: readonly Case[]): Promise<string[]> =>
    differences(cases, {
      undisturbed: async ({ row }) => (await undisturbed(row)).outcome,
      run: ({ row, faults, failure }) => {
        const timeoutMs = failure === "no answer in time" ? 1_000 : undefined;
        return runCourse(cluster, { ...row.course, faults, timeoutMs });
      },
      name: ({ row, name, failure }) => `${row.title}, ${name}: ${failure}`,
    });

  const ways = Object.entries(failures).map(([failure, way], i) => ({ failure, ...way, turn: i }));
  test.concurrent.each(ways)("many of them in one rollout with $failure", async ({ failure, action, share, turn }) => {
    const every = Math.round(1 / share);
    // Of the main row from each of the first calls, of the others from one of them; every failure begins at another row.
    const mains = numbers(every).flatMap((first) => stories.map((row) => ({ row, first })));
    const others = table.map((row, i) => ({ row, first: 1 + (i % every) }));
    const cases = [...others.slice(turn), ...others.slice(0, turn), ...mains];
    const chosen = sample(cases, coursesPerFailure).map(async ({ row, first }): Promise<Case> => {
      const { calls } = await undisturbed(row);
      const faults = calls.flatMap((call) => oneIn(call, { every, first, action }));
      return { row, failure, name: `${faults.length} calls, one in ${every} from ${first}`, faults };
    });
    expect(await wrongEnds(await Promise.all(chosen))).toEqual([]);
  });

  test.concurrent("one call alone", async () => {
    const alone = stories.map(async (row) => {
      const { calls } = await undisturbed(row);
      return ways.flatMap(({ failure, action }) =>
        calls.flatMap(({ match, times }) =>
          numbers(times).map((nth): Case => {
            const { verb, resource, name, subresource } = match;
            const what = `${verb} ${resource}/${name}${subresource === "" ? "" : `/${subresource}`} number ${nth}`;
            return { row, failure, name: what, faults: [{ match, nth, times: 1, action }] };
          }),
        ),
      );
    });
    expect(await wrongEnds(sample((await Promise.all(alone)).flat(), callsTried))).toEqual([]);
  });
});

function oneIn({ match, times }: ApiCall, o: { every: number; first: number; action: FaultAction }): Fault[] {
  return numbers(times)
    .filter((nth) => nth % o.every === o.first % o.every)
    .map((nth) => ({ match, nth, times: 1, action: o.action }));
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}
