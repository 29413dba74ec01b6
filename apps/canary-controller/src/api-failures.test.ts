// Every call of the API fails once, in every way in which calls fail: the rollout ends as the undisturbed one.
import type { Fault, FaultAction } from "@burgee/kube-sim";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CourseCluster, startCourseCluster } from "./testing/course/cluster.ts";
import { type ApiCall, runCourse } from "./testing/course/course.ts";
import { differences, sample } from "./testing/course/many.ts";
import type { Plot } from "./testing/course/plot.ts";

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
const plots: readonly Plot[] = ["good", "bad", "deleted"];

interface Case {
  plot: Plot;
  failure: string;
  name: string;
  faults: readonly Fault[];
}

describe("when calls of the API fail", { timeout: 3_600_000 }, () => {
  let cluster: CourseCluster;
  const undisturbed = new Map<Plot, Awaited<ReturnType<typeof runCourse>>>();
  beforeAll(async () => {
    cluster = await startCourseCluster();
    for (const plot of plots) undisturbed.set(plot, await runCourse(cluster, { plot }));
  });
  afterAll(async () => cluster.stop());

  const callsOf = (plot: Plot) => undisturbed.get(plot)?.calls ?? [];

  const wrongEnds = (cases: readonly Case[]): Promise<string[]> =>
    differences(cases, {
      undisturbed: ({ plot }) => undisturbed.get(plot)?.outcome,
      run: ({ plot, faults, failure }) =>
        runCourse(cluster, { plot, faults, timeoutMs: failure === "no answer in time" ? 1_000 : undefined }),
      name: ({ plot, name, failure }) => `${plot} release, ${name}: ${failure}`,
    });

  test.each(Object.entries(failures))("many of them in one rollout with %s", async (failure, { action, share }) => {
    const every = Math.round(1 / share);
    const cases = numbers(every).flatMap((first) =>
      plots.map((plot): Case => {
        const faults = callsOf(plot).flatMap((call) => oneIn(call, { every, first, action }));
        return { plot, failure, name: `${faults.length} calls, one in ${every} from ${first}`, faults };
      }),
    );
    expect(await wrongEnds(sample(cases, coursesPerFailure))).toEqual([]);
  });

  test("one call alone", async () => {
    const alone = plots.flatMap((plot) =>
      Object.entries(failures).flatMap(([failure, { action }]) =>
        callsOf(plot).flatMap(({ match, times }) =>
          numbers(times).map((nth): Case => {
            const { verb, resource, name, subresource } = match;
            const what = `${verb} ${resource}/${name}${subresource === "" ? "" : `/${subresource}`} number ${nth}`;
            return { plot, failure, name: what, faults: [{ match, nth, times: 1, action }] };
          }),
        ),
      ),
    );
    expect(await wrongEnds(sample(alone, 2 * coursesPerFailure))).toEqual([]);
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
