export type {
  BusState,
  ConsumeHandler,
  ConsumeOptions,
  DeadLetterStream,
  Delivery,
  EventBus,
  FollowHandler,
  FollowOptions,
  NewEntry,
  ReadOptions,
  StreamName,
  Subscription,
} from "./bus.ts";
export { deadLetterStream, duplicateWindowMs, streams } from "./bus.ts";
export type { EventBusErrorCode } from "./event-bus-error.ts";
export { EventBusError, eventBusErrorCodes } from "./event-bus-error.ts";
export type { MemoryBusOptions } from "./memory/memory-bus.ts";
export { createMemoryBus, MemoryStreams } from "./memory/memory-bus.ts";
export { busOptions, expectsRedisUrl } from "./options.ts";
export type { RedisBusOptions } from "./redis/redis-bus.ts";
export { createRedisBus } from "./redis/redis-bus.ts";
export type { BusConfig } from "./service-bus.ts";
export { createServiceBus } from "./service-bus.ts";
export { Undeliverable } from "./undeliverable.ts";
