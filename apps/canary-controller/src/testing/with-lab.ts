import type { EventBus } from "@burgee/event-bus";
import type { Logger } from "@burgee/service-kit";
import { afterEach, beforeEach } from "vitest";
import { podinfo } from "./manifests.ts";
import { type RolloutLab, startRolloutLab } from "./rollout-lab.ts";

/** A fresh laboratory with the workload for every test of the file. Returns how to get it. */
export function withLab(connect?: (log: Logger) => EventBus): () => RolloutLab {
  let lab: RolloutLab | undefined;
  beforeEach(async () => {
    lab = await startRolloutLab(connect === undefined ? {} : { connect });
    await lab.sim.apply(...podinfo());
  });
  afterEach(async () => {
    await lab?.stop();
  });
  return () => {
    if (lab === undefined) throw new Error("the laboratory exists only while a test runs");
    return lab;
  };
}
