import type { Bench } from "./harness.ts";

/** Every benchmark by the name that `npm run bench -- NAME` takes. One does not load what another needs. */
export const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  controller: async () => (await import("./controller.ts")).controller,
  "event-bus": async () => (await import("./event-bus.ts")).eventBus,
  "flag-engine": async () => (await import("./flag-engine.ts")).flagEngine,
  "flagd-memory": async () => (await import("./flagd-memory.ts")).flagdMemory,
  "flagd-rpc": async () => (await import("./flagd-rpc.ts")).flagdRpc,
  footprint: async () => (await import("./footprint.ts")).footprint,
  "kube-sim": async () => (await import("./kube-sim.ts")).kubeSim,
};
