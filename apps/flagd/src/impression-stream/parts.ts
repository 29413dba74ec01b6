import { hostname } from "node:os";
import { createRedisBus } from "@burgee/event-bus";
import type { Kit, Part, Secret } from "@burgee/service-kit";
import type { EvaluationCounts } from "../impressions.ts";
import { createImpressionPublisher } from "./publisher.ts";

export interface ImpressionStreamConfig {
  readonly redisUrl: Secret;
  readonly streamPrefix: string;
  readonly streamMaxLength: number;
  readonly impressionsInterval: number;
}

/** The parts that publish counts of evaluations. Flags are served without them, and while Redis is away. */
export function impressionStream(config: ImpressionStreamConfig, kit: Kit, evaluations: EvaluationCounts): Part[] {
  const { log, clock } = kit;
  const bus = createRedisBus({
    url: config.redisUrl,
    prefix: config.streamPrefix,
    maxLength: config.streamMaxLength,
    log,
    metrics: kit.metrics,
  });
  const redis = kit.readiness.add("redis", { optional: true });
  const tell = (state: "up" | "down", reason?: string): void =>
    state === "up" ? redis.ok() : redis.down(reason ?? "not connected");
  bus.onState(tell);
  tell(bus.state());
  const instance = `${hostname()}/${process.pid}-${clock.now()}`;
  const intervalMs = config.impressionsInterval;
  return [
    { name: "bus", stop: () => bus.close() },
    createImpressionPublisher({ bus, evaluations, instance, intervalMs, clock, log }),
  ];
}
