import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../json.ts";
import { compileTargeting } from "./compile.ts";
import { compareVersions, packVersion, parseVersion } from "./version.ts";

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

describe("packVersion", () => {
  const part = fc.oneof(
    fc.integer({ min: 0, max: 99_999 }).map(String),
    fc.constantFrom("", "00", "01", "100000", "9", "x"),
  );
  const text = fc
    .tuple(fc.constantFrom("", "v", "V"), fc.array(part, { minLength: 1, maxLength: 4 }))
    .map(([v, parts]) => v + parts.join("."));

  it("knows only versions, and orders them as they are ordered", () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const [a, b] = [packVersion(left), packVersion(right)];
        const [full, other] = [parseVersion(left), parseVersion(right)];
        if (a !== undefined) expect(full).toBeDefined();
        if (a === undefined || b === undefined || full === undefined || other === undefined) return;
        expect(Math.sign(a - b)).toBe(Math.sign(compareVersions(full, other)));
      }),
    );
  });
});
