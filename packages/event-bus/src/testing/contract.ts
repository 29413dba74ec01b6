import { describe } from "vitest";
import { contractStage, type TestStreams } from "./contract-stage.ts";
import { testPublishing } from "./publishing-contract.ts";
import { testReading } from "./reading-contract.ts";
import { testGroupWork } from "./work-contract.ts";

/** What every implementation of the bus promises. */
export function eventBusContract(name: string, openStreams: () => Promise<TestStreams>): void {
  describe(`${name} keeps the contract of the event bus:`, () => {
    const stage = contractStage(openStreams);
    testPublishing(stage);
    testGroupWork(stage);
    testReading(stage);
  });
}
