import { option } from "@burgee/service-kit";

/** What would have been right, when the text is no URL of Redis. */
export function expectsRedisUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== "") return undefined;
  return "redis://HOST:PORT, or rediss://HOST:PORT for TLS, with user and password before the host where needed";
}

/** Spread into the configuration table of a service that uses the bus; `createRedisBus` takes the values. */
export const busOptions = {
  redisUrl: option.secret({
    default: "redis://127.0.0.1:6379",
    expects: expectsRedisUrl,
    about: "Redis for the streams between services; rediss:// for TLS, user and password in the URL",
  }),
  streamPrefix: option.string({
    default: "{burgee}:",
    about: "prefix of all keys in Redis; braces keep them in one hash slot",
  }),
  streamMaxLength: option.integer({
    default: 10_000,
    min: 100,
    about: "entries a stream keeps about; unread ones are kept beyond that, up to ten times as many",
  }),
};
