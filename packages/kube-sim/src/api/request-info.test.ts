import { describe, expect, test } from "vitest";
import { simulated, bare } from "../testing/suite.ts";
import { requestTarget } from "./request-info.ts";

const { sim } = await simulated(bare);

describe("what a request line asks for", () => {
  test.each([
    ["GET", "/api/v1/namespaces/a/pods/b/log", { verb: "get", namespace: "a", name: "b", subresource: "log" }],
    ["GET", "/api/v1/pods?watch=1", { verb: "watch", resource: "pods", namespace: undefined, name: undefined }],
    ["PUT", "/api/v1/namespaces/a/status", { resource: "namespaces", name: "a", subresource: "status" }],
    ["DELETE", "/apis/apps/v1/namespaces/a/deployments", { verb: "deletecollection", group: "apps", version: "v1" }],
    ["POST", "/api/v1/namespaces/a%20b/pods", { verb: "create", namespace: "a b" }],
  ])("%s %s", (method, url, info) => {
    expect(requestTarget(method, url).info).toMatchObject(info);
  });

  test("one URL asks for another thing with another method", () => {
    const url = "/api/v1/namespaces/a/pods/b";
    expect(["GET", "PUT", "GET"].map((method) => requestTarget(method, url).info?.verb)).toEqual([
      "get",
      "update",
      "get",
    ]);
  });

  test("a path that names no resource has no info", () => {
    expect(requestTarget("GET", "/version?timeout=1s")).toMatchObject({ path: "/version", info: undefined });
  });

  test("a URL that cannot be read is a 400, and the API goes on", async () => {
    expect((await fetch(`${sim.url}/api/v1/namespaces/%zz/pods`)).status).toBe(400);
    expect((await fetch(`${sim.url}/readyz`)).status).toBe(200);
  });
});
