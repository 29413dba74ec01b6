import { expect, test } from "vitest";
import { canonicalQuantity } from "./quantity.ts";

const cases: Record<string, string> = {
  "1": "1",
  "0.5": "500m",
  "1000m": "1",
  "1500m": "1500m",
  "100m": "100m",
  "1000": "1k",
  "1024": "1024",
  "2000000": "2M",
  "1024Mi": "1Gi",
  "1.5Gi": "1536Mi",
  "1Gi": "1Gi",
  "0": "0",
  "0.0000000001": "1n",
  "-0.5": "-500m",
  ".5": "500m",
  "1e3": "1e3",
  nonsense: "nonsense",
};

test.each(Object.entries(cases))("%s is written %s", (given, expected) => {
  expect(canonicalQuantity(given)).toBe(expected);
});

test("a number is written as a text", () => {
  expect(canonicalQuantity(2)).toBe("2");
});
