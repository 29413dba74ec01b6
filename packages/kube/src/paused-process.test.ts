// Between the last look at the lease and the moment the kernel takes the bytes a process can be stopped, and nothing in it can know.
// What is under way then arrives late; that it changes nothing is due to the version that every write carries.
import { fileURLToPath } from "node:url";
import { captureLogger, startProcess, waitFor } from "@burgee/service-kit/testing";
import { expect, onTestFinished, test } from "vitest";
import { createKubeClient } from "./create-client.ts";
import { resources } from "./resource.ts";
import { createShardLeases } from "./shard-leases.ts";
import { createObjectApi } from "./testing/object-api.ts";
import { pausedProcessLease, writtenByAll } from "./testing/paused-process-lease.ts";
import { startScriptedApi } from "./testing/scripted-api.ts";

test("a process that is paused while it owns a shard changes nothing after another has written, and sends one late write at most", {
  timeout: 30_000,
}, async () => {
  const api = await startScriptedApi(createObjectApi().handle);
  onTestFinished(() => api.stop());
  const { log } = captureLogger();
  const client = createKubeClient({ server: api.url, log, userAgent: "other" });
  onTestFinished(() => client.close());
  const before = await client.create(resources.configMaps, { metadata: writtenByAll, data: {} });
  const script = fileURLToPath(new URL("./testing/lease-holder.ts", import.meta.url));
  const holder = await startProcess(process.execPath, [script, api.url, "holder"]);
  onTestFinished(async () => {
    holder.signal("SIGKILL");
    await holder.exit;
  });
  const callsOf = (method: string, of: string) =>
    api.calls.filter((c) => c.method === method && c.path.includes(of) && c.headers["user-agent"] === "holder").length;
  await waitFor(() => callsOf("PUT", "configmaps") > 20, { timeoutMs: 10_000 });
  holder.signal("SIGSTOP");
  const leases = createShardLeases(client, { ...pausedProcessLease, identity: "other", log });
  leases.start(new AbortController().signal);
  onTestFinished(() => leases.stop());
  await waitFor(() => leases.owns("shop/web"), { timeoutMs: 10_000 });
  const seen = await client.get(resources.configMaps, writtenByAll);
  expect(seen.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
  const written = await client.replace(resources.configMaps, { ...seen, data: { by: "other" } });

  const writes = callsOf("PUT", "configmaps");
  const looks = callsOf("GET", "leases");
  holder.signal("SIGCONT");
  await waitFor(() => callsOf("GET", "leases") > looks + 2, { timeoutMs: 10_000 });
  expect(await client.get(resources.configMaps, writtenByAll)).toEqual(written);
  expect(callsOf("PUT", "configmaps") - writes).toBeLessThanOrEqual(1);
  expect(leases.owns("shop/web")).toBe(true);
});
