import { busOptions, expectsRedisUrl } from "@burgee/event-bus/options";
import { option } from "@burgee/service-kit";

/** Off unless there is a Redis. */
export const impressionOptions = {
  ...busOptions,
  redisUrl: option.secret({
    optional: true,
    expects: expectsRedisUrl,
    about: "Redis that counts of evaluations are published to; without it none are, and flags are served all the same",
  }),
  impressionsInterval: option.duration({
    default: "1m",
    min: "1s",
    about: "how often the counts of evaluations are published to --redis-url",
  }),
};
