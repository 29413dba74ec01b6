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
export { busOptions } from "./options.ts";
