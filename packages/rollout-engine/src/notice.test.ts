import { expect, test } from "vitest";
import { say, warn } from "./notice.ts";
import type { CanaryStatus } from "./status.ts";
import { passWith } from "./testing/pass-with.ts";

const pass = passWith({});

function after(count: number, tell: (status: CanaryStatus, i: number) => CanaryStatus): CanaryStatus {
  return Array.from({ length: count }).reduce<CanaryStatus>((status, _, i) => tell(status, i), pass.status);
}

test("the id comes from the Canary, its run and a counter, so that deciding again makes the same one", () => {
  const once = say(pass, pass.status, "hello");
  expect(once.announcements?.[0]?.id).toBe("u1/1/n1");
  expect(say(pass, pass.status, "hello")).toEqual(once);
  expect(say(pass, once, "again").announcements?.map((n) => n.id)).toEqual(["u1/1/n1", "u1/1/n2"]);
});

test("what cannot be delivered for long is bounded, and no alert is dropped for it", () => {
  const alert = { severity: "error", message: "help" } as const;
  const status = after(100, (s, i) => (i === 0 ? warn(pass, s, "first", { alert }) : say(pass, s, `event ${i}`)));
  expect(status.announcements).toHaveLength(40);
  expect(status.announcements?.[0]?.message).toBe("first");
  expect(status.announcements?.at(-1)?.message).toBe("event 99");
});

test("a dry run says so in events and alerts", () => {
  const dry = passWith({ spec: { dryRun: true } });
  const told = say(dry, dry.status, "hello", { alert: { severity: "info", message: "hi" } });
  expect(told.announcements?.[0]).toMatchObject({ message: "[dry run] hello", alert: { message: "[dry run] hi" } });
});
