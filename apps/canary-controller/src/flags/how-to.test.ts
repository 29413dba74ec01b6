// The examples of the pages about flags are accepted as they are written.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Canary, FlagRollout } from "@burgee/contracts/crd";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readSpec } from "../read-spec.ts";
import { asCanary, asFlagRollout } from "./flag-rollout-resource.ts";

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../../${path}`, import.meta.url)), "utf8");
const settings = { provider: "istio", minIntervalMs: 1000, noCrossNamespaceRefs: true };
const meta = { namespace: "shop", uid: "u", resourceVersion: "1" };
const [canary = "", rollout = ""] = [
  ...read("docs/how-to/flags-in-rollouts.md").matchAll(/```yaml\n([\s\S]*?)```/g),
].map(([, text = ""]) => text);

/** As the API server returns it. */
function stored<T extends Canary | FlagRollout>(text: string): T {
  const object: T = parse(text);
  return { ...object, metadata: { ...object.metadata, ...meta } };
}

test("the Canary with a flag", () => {
  const { spec } = asRead(stored<Canary>(canary));
  expect(spec).toMatchObject({ routed: true, flags: [{ name: "new-checkout", variant: "on" }] });
});

test("the FlagRollout, which a write changes in nothing", () => {
  const object = stored<FlagRollout>(rollout);
  expect(asFlagRollout(asCanary(object))).toEqual(object);
  const { spec } = asRead(asCanary(object));
  expect(spec).toMatchObject({ routed: true, rampedFlags: true, target: { kind: "FlagRollout" }, maxWeight: 100 });
});

test("the queue worker, without a Service", () => {
  const manifests = parseAllDocuments(read("deploy/examples/queue-worker/queue-worker.yaml"));
  const documents = manifests.map((document) => document.toString());
  const { spec, router } = asRead(stored<Canary>(documents.find((text) => text.includes("kind: Canary")) ?? ""));
  expect(spec).toMatchObject({ provider: "flag", routed: true, flags: [] });
  expect(router.routed).toBe(true);
});

test("the queue worker's question is that of the example", () => {
  const [shown = ""] = [...read("docs/how-to/queue-worker.md").matchAll(/```js\n([\s\S]*?)```/g)].map(
    ([, text]) => text,
  );
  expect(shown).not.toBe("");
  expect(read("deploy/examples/queue-worker/worker.mjs")).toContain(shown);
});

function asRead(object: Canary) {
  const result = readSpec(object, settings);
  if ("problems" in result) throw new Error(JSON.stringify(result.problems));
  return result;
}
