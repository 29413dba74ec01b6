import { eventBus } from "./event-bus.ts";
import { flagEvaluation } from "./flag-evaluation.ts";
import { flagdRpc } from "./flagd-rpc.ts";
import { footprint } from "./footprint.ts";
import type { Bench } from "./harness.ts";

/** Every benchmark by the name that `npm run bench -- NAME` takes. */
export const benches: Readonly<Record<string, Bench>> = {
  "event-bus": eventBus,
  "flag-evaluation": flagEvaluation,
  "flagd-rpc": flagdRpc,
  footprint,
};
