import { createDialer, Secret, systemClock } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { createRateLimit } from "../rate-limit.ts";
import { send } from "../send.ts";
import { testAlert } from "../testing/alerts.ts";
import { alertProviderSuite } from "../testing/provider-suite.ts";
import { startSink } from "../testing/sink.ts";
import { slackMessage } from "../testing/slack-message.ts";

alertProviderSuite("slack", {
  path: "/services/T0/B0/xyz",
  bodies: { info: slackMessage("good"), warn: slackMessage("warning"), error: slackMessage("danger") },
  authorization: "Bearer TOKEN",
});

const answers: Record<string, { answer: string; code: string }> = {
  "an answer of 200 that means no is an error": { answer: '{"ok":false,"error":"channel_not_found"}', code: "refused" },
  "a rate limit told in an answer of 200 is tried again": {
    answer: '{"ok":false,"error":"ratelimited"}',
    code: "try_later",
  },
};
for (const [sentence, { answer, code }] of Object.entries(answers)) {
  test(sentence, async () => {
    const sink = await startSink();
    const dialer = createDialer();
    sink.answer({ status: 200, body: answer, headers: { "content-type": "application/json; charset=utf-8" } });
    const receiver = {
      address: new Secret(`${sink.url}/api/chat.postMessage`),
      token: undefined,
      channel: "c",
      username: "u",
    };
    const limits = {
      dialer,
      rateLimit: createRateLimit(systemClock),
      timeoutMs: 2_000,
      now: Date.now,
      signal: AbortSignal.timeout(5_000),
    };
    await expect(send(testAlert(), "k", { type: "slack", receiver, proxy: undefined }, limits)).rejects.toMatchObject({
      code,
    });
    await dialer.close();
    await sink.stop();
  });
}
