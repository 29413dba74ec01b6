import { expect, test } from "vitest";
import { redactCommand } from "./redact-command.ts";

const cases: Record<string, string> = {
  "hey -H 'Authorization: Bearer abcdef' http://x/": "hey -H 'Authorization: Bearer ***' http://x/",
  "curl https://user:secret@x.example/": "curl https://***@x.example/",
  "TOKEN=abcdef run --password=hunter2 --api-key: 1234": "TOKEN=*** run --password=*** --api-key: ***",
  "hey -z 1m -q 10 http://x/": "hey -z 1m -q 10 http://x/",
};
for (const [command, shown] of Object.entries(cases)) {
  test(`shows ${shown}`, () => expect(redactCommand(command)).toBe(shown));
}
