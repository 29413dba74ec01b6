export type { ContractBusOptions, TestStreams } from "./contract.ts";
export { entry as testEntry, eventBusContract } from "./contract.ts";
