import { describe, expect, it } from "vitest";
import { alternate } from "./harness.ts";
import { median, medians, percentile, threeDigits } from "./statistics.ts";

describe("statistics", () => {
  it("takes the middle of an odd number of values", () => expect(median([3, 1, 2])).toBe(2));
  it("takes the mean of the two middle ones of an even number", () => expect(median([4, 1, 3, 2])).toBe(2.5));
  it("takes the 99th percentile by rank", () => expect(percentile([...Array(101).keys()], 0.99)).toBe(99));
  it("has no median of nothing", () => expect(median([])).toBeNaN());
  it("takes the median of a figure of each subject", () => {
    const samples = new Map([
      ["flagd", [{ idle: 3 }, { idle: 1 }, { idle: 2 }]],
      ["loadtester", [{ idle: 5 }]],
    ]);
    expect(medians(samples, ({ idle }) => idle)).toEqual({ flagd: 2, loadtester: 5 });
  });
  it("rounds to three digits", () => expect([threeDigits(1234.5), threeDigits(0.012345)]).toEqual([1230, 0.0123]));
});

it("alternates the order, and does not count the warm-up", async () => {
  const order: string[] = [];
  const contender = (name: string) => async () => ({ calls: order.push(name) });
  const samples = await alternate({ a: contender("a"), b: contender("b") }, { rounds: 2, say: () => {} });
  expect(order.join("")).toBe("abbaab");
  expect(samples).toEqual({ a: { calls: [4, 5] }, b: { calls: [3, 6] } });
});
