import { expect, it } from "vitest";
import { at, objectsAt } from "../api/json.ts";
import { mergePatchType } from "../testing/api.ts";
import { simulated } from "../testing/suite.ts";

const moreNodes = [{ name: "second", labels: { disk: "fast" } }];
const { sim, api } = await simulated({ gateway: false, gatewayApi: false, kubelet: { drainMs: 0, moreNodes } });
const waiting = { timeout: 10_000, interval: 15 };
const podOf = (name: string) => api.call("GET", `/api/v1/namespaces/default/pods/${name}`);

/** Makes a pod that wants a node with a fast disk. */
async function run(name: string): Promise<void> {
  const spec = { nodeSelector: { disk: "fast" }, containers: [{ name: "app", image: "app:1" }] };
  await sim.apply({ apiVersion: "v1", kind: "Pod", metadata: { name }, spec });
}

it("nodes share the pods, as selectors and taints allow", async () => {
  const nodeOf = async (name: string) => at(await podOf(name), "spec", "nodeName");
  await run("picky");
  await expect.poll(() => nodeOf("picky"), waiting).toBe("second");
  const taints = { spec: { taints: [{ key: "k", value: "v", effect: "NoSchedule" }] } };
  await api.call("PATCH", "/api/v1/nodes/second", taints, mergePatchType);
  await run("repelled");
  const events = async () =>
    objectsAt(await api.call("GET", "/api/v1/namespaces/default/events"), "items").map(({ reason }) => reason);
  await expect.poll(events, waiting).toContain("FailedScheduling");
  expect(await nodeOf("repelled")).toBeUndefined();
  await api.call("PATCH", "/api/v1/nodes/second", { spec: { taints: null } }, mergePatchType);
  await expect.poll(() => nodeOf("repelled"), waiting).toBe("second");
});
