// A crash between any two writes leaves a state from which the next start ends the same way. BURGEE_TEST_SCALE=1 tries every write.
import { waitFor } from "@burgee/service-kit/testing";
import { describe, expect, test } from "vitest";
import { podinfoCanary } from "./testing/manifests.ts";
import type { RolloutLab } from "./testing/rollout-lab.ts";
import { withLab } from "./testing/with-lab.ts";

/** More than a whole rollout makes, leases and events included. */
const allWrites = 60;
const scale = Number(process.env.BURGEE_TEST_SCALE ?? 0.05);
const points = spread(Math.max(3, Math.round(allWrites * scale)));

/** So many numbers from 1 to the last write, evenly spread. */
function spread(count: number): number[] {
  return [
    ...new Set(Array.from({ length: count }, (_, i) => 1 + Math.round((i * (allWrites - 1)) / Math.max(count - 1, 1)))),
  ];
}

describe("after a crash behind write", () => {
  const lab = withLab();

  async function crashAfter(writes: number, phase: "Succeeded" | "Failed"): Promise<void> {
    await lab().sim.apply(podinfoCanary());
    const first = await lab().startController();
    await lab().phase("Initialized");
    await first.stop();
    await lab().release("v2");
    const doomed = await lab().startController({ crashAfterWrites: writes });
    await Promise.race([doomed.struck, lab().phase(phase, 20_000)]);
    await doomed.crash();
    await lab().startController();
    await lab().phase(phase, 20_000);
    await waitFor(async () => (await lab().canary()).status?.announcements === undefined);
    expect((await lab().route()).spec.rules?.[0]?.backendRefs?.map((b) => b.weight)).toEqual([100, 0]);
    await waitFor(async () => (await lab().deployment("podinfo")).spec.replicas === 0);
  }

  test.each(points)("%i a good release is promoted, told once, on a passing analysis", async (writes) => {
    await crashAfter(writes, "Succeeded");
    expect(await image(lab())).toBe("example.com/podinfo:v2");
    const { status } = await lab().canary();
    expect(status?.lastPass?.revision).toBe(status?.lastPromotedSpec);
    expect((await lab().timeline()).filter((text) => text.startsWith("Promotion completed!"))).toHaveLength(1);
  });

  test.each(points)("%i a bad release is rolled back and its alert is raised once", async (writes) => {
    lab().judge(() => "fail");
    await crashAfter(writes, "Failed");
    expect(await image(lab())).toBe("example.com/podinfo:v1");
    expect((await lab().alerts()).filter((text) => text.startsWith("Failed checks threshold reached"))).toHaveLength(1);
  });
});

async function image(lab: RolloutLab): Promise<string | undefined> {
  return (await lab.deployment("podinfo-primary")).spec.template.spec.containers[0]?.image;
}
