export { eventBusContract } from "./contract.ts";
export type { ContractBusOptions, TestStreams } from "./contract-stage.ts";
export { entry as testEntry } from "./contract-stage.ts";
