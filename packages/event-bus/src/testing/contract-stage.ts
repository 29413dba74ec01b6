import { waitFor } from "@burgee/service-kit/testing";
import { afterEach, beforeEach } from "vitest";
import type { Delivery, EventBus, NewEntry } from "../bus.ts";

/** How much a stream may hold, where a test depends on it. */
export interface ContractBusOptions {
  readonly maxLength?: number;
  readonly hardLimit?: number;
}

/** Fresh streams, shared by the buses made from them as by several services. */
export interface TestStreams {
  createBus(o?: ContractBusOptions): EventBus;
  close(): Promise<void>;
}

/** An entry as the tests publish it. */
export function entry(id: string, o: Partial<NewEntry> = {}): NewEntry {
  return { id, key: "shop/web", seq: 1, type: "Test", payload: new TextEncoder().encode(id), ...o };
}

/** What each test of the contract has: a bus on fresh streams, and the deliveries that it keeps. */
export interface ContractStage {
  readonly shared: TestStreams;
  readonly bus: EventBus;
  readonly got: Delivery[];
  /** A handler that keeps what it gets in `got`. */
  keep(delivery: Delivery): Promise<void>;
  /** Resolves when so many deliveries are in the list, `got` if not told otherwise. */
  seen(count: number, list?: readonly Delivery[]): Promise<unknown>;
}

/** Their ids, in order. */
export const ids = (deliveries: readonly { id: string }[]): string[] => deliveries.map(({ id }) => id);

/** Sets the stage anew before each test of the surrounding `describe`. */
export function contractStage(openStreams: () => Promise<TestStreams>): ContractStage {
  let shared: TestStreams;
  let bus: EventBus;
  const got: Delivery[] = [];
  beforeEach(async () => {
    shared = await openStreams();
    bus = shared.createBus();
    got.length = 0;
  });
  afterEach(async () => {
    await bus.close();
    await shared.close();
  });
  return {
    got,
    get shared() {
      return shared;
    },
    get bus() {
      return bus;
    },
    async keep(delivery) {
      got.push(delivery);
    },
    seen: (count, list = got) => waitFor(() => list.length >= count, { timeoutMs: 8_000, describe: () => ids(list) }),
  };
}
