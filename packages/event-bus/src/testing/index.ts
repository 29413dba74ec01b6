export type { ContractBusOptions, TestStreams } from "./contract.ts";
export { eventBusContract } from "./contract.ts";
