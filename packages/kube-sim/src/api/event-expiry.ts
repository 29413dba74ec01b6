import type { Machinery } from "./machinery.ts";

const lifetimeMs = 60 * 60 * 1000;
const roundMs = 60_000;

/** Removes Events an hour after they were last touched, as the API server does. Returns the function that ends it. */
export function expireEvents(api: Machinery): () => void {
  const timer = setInterval(() => {
    const oldest = api.now() - lifetimeMs;
    for (const event of api.store.list("/events")) {
      const touched = Date.parse(String(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp));
      if (touched < oldest) api.store.remove("/events", event);
    }
  }, roundMs).unref();
  return () => clearInterval(timer);
}
