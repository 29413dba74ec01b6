import { describe, expect, it } from "vitest";
import type { JsonValue } from "../json.ts";
import { compileTargeting } from "./compile.ts";

const cases: [JsonValue, JsonValue, JsonValue, JsonValue][] = [
  ["1.0.0", "=", "1.0.0", true],
  ["1.0.0", "!=", "1.0.1", true],
  ["1.2.3", "<", "1.10.0", true],
  ["1.2.3", "<=", "1.2.3", true],
  ["2.0.0", ">", "1.9.9", true],
  ["2.0.0", ">=", "2.0.0", true],
  ["v1.0.0", "=", "1.0.0", true],
  ["V1.0.0", "=", "v1.0.0", true],
  ["vV1.0.0", "=", "1.0.0", null],
  ["1", "=", "1.0.0", true],
  ["1.2", "=", "1.2.0", true],
  [1, "=", "1.0.0", true],
  [1.2, ">", 1.1, true],
  [999_999, ">", 1, true],
  [1_000_000, ">", 1, null],
  [-0, "=", 0, null],
  ["1.0.0-rc.1", "<", "1.0.0", true],
  ["1.0.0-alpha.2", "<", "1.0.0-alpha.10", true],
  ["1.0.0-alpha.1", "<", "1.0.0-alpha.beta", true],
  ["1.0.0-alpha", "<", "1.0.0-alpha.1", true],
  ["1.0.0+a", "=", "1.0.0+b", true],
  ["99999999999999999999.0.0", ">", "9.0.0", true],
  ["1.0.0", "^", "1.9.9", true],
  ["2.0.0", "^", "1.9.9", false],
  ["1.2.0", "~", "1.2.9-rc", true],
  ["1.3.0", "~", "1.2.9", false],
  ["1.0", "=", "1.0-rc", null],
  ["01.0.0", "=", "1.0.0", null],
  ["1.0.0-01", "=", "1.0.0", null],
  ["2.0.0.0", "=", "2.0.0", null],
  [" 1.0.0", "=", "1.0.0", null],
  ["", "=", "1.0.0", null],
  [null, "=", "1.0.0", null],
  [true, "=", "1.0.0", null],
  ["1.0.0", "==", "1.0.0", null],
  ["1.0.0", 1, "1.0.0", null],
];

describe("sem_ver", () => {
  it.each(cases)("%j %s %j is %s", (left, operator, right, gives) => {
    const written = compileTargeting({ sem_ver: [left, operator, right] }, "flag");
    const fromContext = compileTargeting({ sem_ver: [{ var: "l" }, { var: "o" }, { var: "r" }] }, "flag");
    expect(written({}, 0)).toBe(gives);
    expect(fromContext({ l: left, o: operator, r: right }, 0)).toBe(gives);
  });

  it("needs exactly three operands", () => {
    expect(compileTargeting({ sem_ver: ["1.0.0", "="] }, "flag")({}, 0)).toBeNull();
    expect(compileTargeting({ sem_ver: "1.0.0" }, "flag")({}, 0)).toBeNull();
  });
});
