import { expect, it } from "vitest";
import { at } from "../api/json.ts";
import { simulated } from "../testing/suite.ts";

const { sim } = await simulated({ kubelet: false, gateway: false });

it("a claim is bound, with what it asked for", async () => {
  const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
  await sim.apply({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: "data" }, spec });
  const read = async (): Promise<unknown> =>
    (await fetch(`${sim.url}/api/v1/namespaces/default/persistentvolumeclaims/data`)).json();
  await expect
    .poll(async () => at(await read(), "status"), { timeout: 5000 })
    .toEqual({ phase: "Bound", accessModes: ["ReadWriteOnce"], capacity: { storage: "1Gi" } });
  expect(at(await read(), "spec", "volumeName")).toMatch(/^pvc-/);
});
