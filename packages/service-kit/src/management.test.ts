import { afterEach, beforeEach, expect, test } from "vitest";
import { createManagement, type ManagementServer } from "./management.ts";
import { createMetrics } from "./metrics.ts";
import { createReadiness, type ReadinessControl } from "./readiness.ts";
import type { Server } from "./serve.ts";
import { type CapturedLog, captureLogger } from "./testing/capture-logger.ts";

let management: ManagementServer;
let readiness: ReadinessControl;
let server: Server;
let captured: CapturedLog;
const metrics = createMetrics();
metrics.counter({ name: "burgee_test_things_total", help: "things" }).inc(3);

beforeEach(async () => {
  readiness = createReadiness();
  captured = captureLogger();
  management = createManagement({ log: captured.log, metrics, readiness, name: "flagd", notReadyStatus: 412 });
  server = await management.listen(0, "127.0.0.1");
});
afterEach(() => server.close(0));

async function get(path: string, init?: RequestInit): Promise<{ status: number; body: string; headers: Headers }> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return { status: answer.status, body: await answer.text(), headers: answer.headers };
}

test("is alive from the first moment and ready when readiness says so", async () => {
  const redis = readiness.add("redis");
  expect((await get("/healthz")).status).toBe(200);
  expect(await get("/readyz")).toMatchObject({
    status: 412,
    body: '{"status":"starting","checks":{"redis":"starting"}}\n',
  });
  redis.ok();
  readiness.started();
  expect(await get("/readyz")).toMatchObject({ status: 200, body: '{"status":"ready","checks":{"redis":"ok"}}\n' });
  redis.down("connection refused");
  expect(await get("/readyz")).toMatchObject({
    status: 200,
    body: '{"status":"degraded","checks":{"redis":"connection refused"}}\n',
  });
  readiness.stopping();
  expect((await get("/readyz")).status).toBe(412);
});

test("serves the metrics as Prometheus text", async () => {
  const { body, headers } = await get("/metrics");
  expect(headers.get("content-type")).toContain("text/plain");
  expect(body).toContain("burgee_test_things_total 3");
});

test("serves an app's own routes with query and body", async () => {
  management.route("POST", "/echo", async ({ url, body }) => ({
    status: 201,
    body: `${url.searchParams.get("q")}:${Buffer.from(body)}`,
  }));
  expect(await get("/echo?q=1", { method: "POST", body: "two" })).toMatchObject({ status: 201, body: "1:two" });
  expect(() => management.route("POST", "/echo", async () => ({ status: 200 }))).toThrow(
    "[duplicate_route] management route POST /echo",
  );
});

test("refuses what is not there, and says what is", async () => {
  expect(await get("/nope")).toMatchObject({ status: 404, body: expect.stringContaining("GET /readyz") });
  const refused = await get("/metrics", { method: "DELETE" });
  expect(refused).toMatchObject({ status: 405, body: '{"error":"/metrics does not take DELETE, expected GET"}\n' });
  expect(refused.headers.get("allow")).toBe("GET");
  expect(await get("/readyz", { method: "HEAD" })).toMatchObject({ status: 412, body: "" });
});

test("a handler that throws is logged and answered without its message", async () => {
  management.route("GET", "/broken", async () => Promise.reject(new Error("inner detail")));
  expect(await get("/broken")).toMatchObject({ status: 500, body: '{"error":"internal error, see the log"}\n' });
  expect(captured.find("management request failed")?.err).toMatchObject({ message: "inner detail" });
});

test("a body over a megabyte is refused", async () => {
  management.route("POST", "/big", async () => ({ status: 200 }));
  expect((await get("/big", { method: "POST", body: "x".repeat(1024 * 1024 + 1) })).status).toBe(413);
});
