import { captureLogger } from "@burgee/service-kit/testing";
import { eventBusContract } from "../testing/contract.ts";
import { createMemoryBus, MemoryStreams } from "./memory-bus.ts";

eventBusContract("the memory bus", async () => {
  const streams = new MemoryStreams();
  return { createBus: (o) => createMemoryBus({ streams, log: captureLogger().log, ...o }), close: async () => {} };
});
