import type { Canary } from "@burgee/contracts/crd";
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { canaries } from "./canary-resource.ts";
import { ownerOfTarget } from "./shared-target.ts";
import { podinfoCanary } from "./testing/manifests.ts";
import { canaryOf } from "./testing/objects.ts";
import { name, namespace } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

const made = (
  of: string,
  creationTimestamp: string,
  o: { kind?: string; apiVersion?: string; begun?: boolean } = {},
): Canary => {
  const { kind = "Deployment", apiVersion = "apps/v1", begun = false } = o;
  const { metadata, ...rest } = canaryOf({ targetRef: { apiVersion, kind, name: "app" } });
  const status = { phase: "Initialized", failedChecks: 0, canaryWeight: 0, iterations: 0 } as const;
  return { ...rest, metadata: { ...metadata, name: of, creationTimestamp }, ...(begun ? { status } : {}) };
};
const [first, second, third] = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "2026-01-01T00:00:02Z"] as const;
const self = made("b", second);
const cases: Record<string, { others: Canary[]; owner: string | undefined }> = {
  "itself when it is alone": { others: [self], owner: undefined },
  "the oldest of all": { others: [made("c", first), self, made("a", first), made("z", third)], owner: "a" },
  "the first by name of two that are as old": { others: [made("a", second)], owner: "a" },
  "a younger one that has begun": { others: [made("a", first), made("z", third, { begun: true })], owner: "z" },
  "itself when the others are younger": { others: [made("a", third)], owner: undefined },
  "itself when the others have targets of another kind": {
    others: [made("a", first, { kind: "DaemonSet" })],
    owner: undefined,
  },
  "itself when the others have targets of another group": {
    others: [made("a", first, { apiVersion: "apps.example.com/v1" })],
    owner: undefined,
  },
  "itself when the older one is refused": { others: [made("refused", first)], owner: undefined },
  "a refused one that had begun before": { others: [made("refused", first, { begun: true })], owner: "refused" },
};
test.each(Object.entries(cases))("a target belongs to %s", (_title, { others, owner }) => {
  const isRefused = ({ metadata }: Canary) => metadata.name === "refused";
  expect(ownerOfTarget(self, { others, isRefused })?.metadata.name).toBe(owner);
});

describe("a second Canary of a target", () => {
  const lab = withLab();
  const twin = { namespace, name: "twin" };
  const condition = async (type: string) =>
    (await lab().client.get(canaries, twin)).status?.conditions?.find((one) => one.type === type);

  test("is refused, and goes on when the first is gone", async () => {
    await lab().sim.apply(podinfoCanary());
    await lab().startController();
    await lab().phase("Initialized");
    await lab().sim.apply({ ...podinfoCanary(), metadata: twin });
    const says = `spec.targetRef.name is "${name}", expected a target of its own: Canary ${namespace}/${name} rolls this one out`;
    await waitFor(async () => (await condition("InvalidSpec"))?.message === says);
    await lab().release("v2");
    await lab().phase("Succeeded");
    expect((await lab().client.get(canaries, twin)).status?.phase).toBe("");
    await lab().client.delete(canaries, { namespace, name });
    await waitFor(async () => (await condition("Promoted"))?.reason === "Initialized", { timeoutMs: 15_000 });
    expect((await condition("InvalidSpec"))?.status).toBe("False");
  });
});
