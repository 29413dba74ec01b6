import { Client, credentials, type ServiceError } from "@grpc/grpc-js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createManagement } from "./management.ts";
import { createMetrics } from "./metrics.ts";
import { createReadiness, type ReadinessControl } from "./readiness.ts";
import type { Server } from "./serve.ts";
import { captureLogger } from "./testing/capture-logger.ts";
import { waitFor } from "./testing/wait-for.ts";

const statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];
const serialize = (service: string): Buffer =>
  service === "" ? Buffer.alloc(0) : Buffer.concat([Buffer.from([10, service.length]), Buffer.from(service)]);
const deserialize = (bytes: Buffer): string => statuses[bytes[1] ?? 0] ?? "";
let readiness: ReadinessControl;
let server: Server;
let client: Client;

beforeEach(async () => {
  readiness = createReadiness();
  const management = createManagement({ log: captureLogger().log, metrics: createMetrics(), readiness, name: "flagd" });
  server = await management.listen(0, "127.0.0.1");
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
});
afterEach(async () => {
  client.close();
  await server.close(0);
});

function check(service: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const done = (error: ServiceError | null, status?: string): void =>
      error === null ? resolve(status) : reject(error);
    client.makeUnaryRequest("/grpc.health.v1.Health/Check", serialize, deserialize, service, done);
  });
}

test("a check tells whether the app is ready", async () => {
  expect(await check("")).toBe("NOT_SERVING");
  readiness.started();
  expect([await check(""), await check("flagd")]).toEqual(["SERVING", "SERVING"]);
  readiness.stopping();
  expect(await check("")).toBe("NOT_SERVING");
});

test("a check of an unknown service is not found", async () => {
  await expect(check("other")).rejects.toMatchObject({ code: 5 });
});

test("a watch tells every change and ends with the app", async () => {
  const seen: string[] = [];
  const call = client.makeServerStreamRequest("/grpc.health.v1.Health/Watch", serialize, deserialize, "");
  call.on("data", (status: string) => seen.push(status));
  await waitFor(() => seen.length === 1);
  readiness.started();
  await waitFor(() => seen.length === 2);
  readiness.stopping();
  await new Promise((resolve) => call.once("end", resolve));
  expect(seen).toEqual(["NOT_SERVING", "SERVING", "NOT_SERVING"]);
});
