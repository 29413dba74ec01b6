import { hostname } from "node:os";
import { type BusConfig, createServiceBus } from "@burgee/event-bus";
import type { Kit, Part } from "@burgee/service-kit";
import type { EvaluationCounts } from "../impressions.ts";
import { createImpressionPublisher } from "./publisher.ts";

export interface ImpressionStreamConfig extends BusConfig {
  readonly impressionsInterval: number;
}

/** The parts that publish counts of evaluations. Flags are served without them, and while Redis is away. */
export function impressionStream(config: ImpressionStreamConfig, kit: Kit, evaluations: EvaluationCounts): Part[] {
  const { log, clock } = kit;
  const bus = createServiceBus(config, kit, { optional: true });
  const instance = `${hostname()}/${process.pid}-${clock.now()}`;
  const intervalMs = config.impressionsInterval;
  return [
    { name: "bus", stop: () => bus.close() },
    createImpressionPublisher({ bus, evaluations, instance, intervalMs, clock, log }),
  ];
}
