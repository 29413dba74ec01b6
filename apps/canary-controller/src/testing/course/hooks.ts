// The receiver of a course's hooks, without a network.
import { createDialer, type Dialer } from "@burgee/service-kit";

/** Answers hooks and remembers what was called. */
export interface HookReceiver {
  /** `type key` of every call but those of event hooks, repeated calls included. */
  readonly calls: readonly string[];
  dialer(): Dialer;
}

/** Says yes to everything but to the question whether to roll back, and to gates that are to be opened by a person. */
export function createHookReceiver(o: { closed: boolean }): HookReceiver {
  const calls: string[] = [];
  return {
    calls,
    dialer: () => ({
      ...createDialer({}),
      async fetch(url, init) {
        const type = new URL(url).pathname.slice(1);
        const key = new Headers(init?.headers).get("idempotency-key") ?? "none";
        if (type !== "event") calls.push(`${type} ${key}`);
        const isGate = type.startsWith("confirm-");
        const status = type === "rollback" || (isGate && o.closed) ? 403 : 200;
        const text = status === 200 ? "" : "no";
        return {
          status,
          ok: status === 200,
          url: String(url),
          headers: new Headers(),
          text: () => text,
          json: () => undefined,
          bytes: () => new TextEncoder().encode(text),
        };
      },
    }),
  };
}
