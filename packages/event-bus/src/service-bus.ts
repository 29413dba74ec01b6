import { followState, type Kit, type Secret } from "@burgee/service-kit";
import type { EventBus } from "./bus.ts";
import { createRedisBus } from "./redis/redis-bus.ts";

/** What `busOptions` in a service's table give. */
export interface BusConfig {
  readonly redisUrl: Secret;
  readonly streamPrefix: string;
  readonly streamMaxLength: number;
}

/**
 * The bus of a service, in Redis. Its readiness check is `redis`; with `optional` the service becomes ready without it. Who asks for it
 * closes it.
 */
export function createServiceBus(
  config: BusConfig,
  kit: Pick<Kit, "log" | "metrics" | "readiness">,
  o: { readonly optional?: boolean } = {},
): EventBus {
  const bus = createRedisBus({
    url: config.redisUrl,
    prefix: config.streamPrefix,
    maxLength: config.streamMaxLength,
    log: kit.log,
    metrics: kit.metrics,
  });
  followState(kit.readiness.add("redis", o), bus);
  return bus;
}
