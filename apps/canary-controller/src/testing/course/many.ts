// Many courses, against what an undisturbed one led to.
import { isDeepStrictEqual } from "node:util";
import type { CourseCluster } from "./cluster.ts";
import { type Course, runCourse } from "./course.ts";
import type { Outcome } from "./outcome.ts";
import type { TableRow } from "./table.ts";

/** So many of the cases, evenly spread; a share of them when BURGEE_TEST_SCALE is set, all of them when it is 1. */
export function sample<T>(cases: readonly T[], atLeast: number): T[] {
  const share = Math.min(1, Math.max(atLeast / cases.length, Number(process.env.BURGEE_TEST_SCALE ?? 0)));
  return cases.filter((_, i) => Math.floor((i + 1) * share) > Math.floor(i * share));
}

/** Plays courses as they go when nothing is wrong, each once. */
export function createUndisturbed(cluster: CourseCluster): (row: TableRow) => Promise<Course> {
  const played = new Map<TableRow, Promise<Course>>();
  return (row) => {
    const course = played.get(row) ?? runCourse(cluster, row.course);
    played.set(row, course);
    return course;
  };
}

/** Runs a course for each case; resolves with a text for each that did not end as the undisturbed one. */
export async function differences<T>(
  cases: readonly T[],
  o: {
    undisturbed: (of: T) => Outcome | Promise<Outcome>;
    run: (of: T) => Promise<Course>;
    name: (of: T, course: Course | undefined) => string;
  },
): Promise<string[]> {
  const found = await Promise.all(
    cases.map(async (of) => {
      try {
        const course = await o.run(of);
        const difference = firstDifference(course.outcome, await o.undisturbed(of));
        return difference === undefined ? [] : [`${o.name(of, course)}: ${difference}`];
      } catch (error) {
        return [`${o.name(of, undefined)}: ${String(error)}`];
      }
    }),
  );
  return found.flat();
}

function firstDifference(actual: unknown, wanted: unknown, path = "outcome"): string | undefined {
  if (isDeepStrictEqual(actual, wanted)) return undefined;
  if (!isObject(actual) || !isObject(wanted)) {
    return `${path} is ${JSON.stringify(actual)}, undisturbed it is ${JSON.stringify(wanted)}`;
  }
  const keys = new Set([...Object.keys(actual), ...Object.keys(wanted)]);
  const parts = [...keys].map((key) => firstDifference(actual[key], wanted[key], `${path}.${key}`));
  return parts.find((part) => part !== undefined);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
