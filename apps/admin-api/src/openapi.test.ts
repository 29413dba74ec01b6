import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const committed = readFileSync(new URL("../openapi.yaml", import.meta.url), "utf8");

test("openapi.yaml has every route, with answers for those who are refused", () => {
  const { paths } = parse(committed);
  const operations = Object.entries<Record<string, { responses: object }>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({ name: `${method} ${path}`, responses })),
  );
  expect(operations.map((o) => o.name)).toEqual([
    "get /api/canaries",
    "get /api/canaries/{namespace}/{name}",
    "post /api/canaries/{namespace}/{name}/actions",
    "get /api/flags",
    "post /api/flags",
    "patch /api/flags/{namespace}/{featureFlag}/{key}",
    "get /api/timeline",
    "get /api/events",
  ]);
  for (const { name, responses } of operations) {
    expect([name, Object.keys(responses)]).toEqual([
      name,
      expect.arrayContaining(["200", "401", "403"].slice(name.endsWith("actions") ? 1 : 0)),
    ]);
  }
});
