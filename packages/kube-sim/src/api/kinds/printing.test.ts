import { describe, expect, it } from "vitest";
import { humanDuration } from "./columns.ts";
import { evaluateJsonPath } from "./json-path.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const durations: Record<string, number> = {
  "0s": 0,
  "119s": 119 * second,
  "2m": 2 * minute,
  "3m20s": 200 * second,
  "45m": 45 * minute,
  "179m": 179 * minute,
  "3h5m": 3 * hour + 5 * minute,
  "17h": 17 * hour + 30 * minute,
  "2d1h": 2 * day + hour,
  "30d": 30 * day,
  "2y40d": (2 * 365 + 40) * day,
};

describe("an age", () => {
  it.each(Object.entries(durations))("reads %s", (text, ms) => {
    expect(humanDuration(ms)).toBe(text);
  });
});

const object = {
  metadata: { annotations: { "a.b/c": "x" } },
  spec: {
    ports: [
      { name: "a", port: 1 },
      { name: "b", port: 2 },
    ],
  },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};

const paths: Record<string, unknown[]> = {
  ".spec.ports[0].port": [1],
  ".spec.ports[-1].port": [2],
  "{.spec.ports[*].name}": ["a", "b"],
  '.status.conditions[?(@.type=="Ready")].status': ["True"],
  ".status.conditions[?(@.type!='Ready')].status": [],
  ".metadata.annotations['a.b/c']": ["x"],
  ".nowhere.to.go": [],
  spec: [],
};

describe("a JSONPath", () => {
  it.each(Object.entries(paths))("%s", (path, expected) => {
    expect(evaluateJsonPath(object, path)).toEqual(expected);
  });
});
