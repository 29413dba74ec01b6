import { expect, test } from "vitest";
import { passWith } from "../testing/pass-with.ts";
import { takeAnnotationProblems } from "./annotation-problems.ts";

const problem = 'metadata.annotations["flagger.app/reset"] is "yes", expected "true"';
const off = { skipAnalysis: false, reset: false };
const written = passWith({ seen: { annotations: { ...off, problems: [problem] } } });

test("an annotation with a wrong value is a condition and one event", () => {
  const told = takeAnnotationProblems(written, written.status);
  expect(told.announcements?.map(({ message }) => message)).toEqual([problem]);
  expect(told.conditions?.find(({ type }) => type === "AnnotationUnusable")).toMatchObject({
    status: "True",
    message: problem,
  });
  expect(takeAnnotationProblems(written, told)).toBe(told);
});

test("it is taken back when the annotation is mended", () => {
  const told = takeAnnotationProblems(written, written.status);
  const mended = takeAnnotationProblems(passWith({ seen: { annotations: off } }), told);
  expect(mended.conditions?.find(({ type }) => type === "AnnotationUnusable")?.status).toBe("False");
});
