import { controller } from "./controller.ts";
import { eventBus } from "./event-bus.ts";
import { flagEngine } from "./flag-engine.ts";
import { flagdMemory } from "./flagd-memory.ts";
import { flagdRpc } from "./flagd-rpc.ts";
import { footprint } from "./footprint.ts";
import type { Bench } from "./harness.ts";
import { kubeSim } from "./kube-sim.ts";

/** Every benchmark by the name that `npm run bench -- NAME` takes. */
export const benches: Readonly<Record<string, Bench>> = {
  controller,
  "event-bus": eventBus,
  "flag-engine": flagEngine,
  "flagd-memory": flagdMemory,
  "flagd-rpc": flagdRpc,
  footprint,
  "kube-sim": kubeSim,
};
