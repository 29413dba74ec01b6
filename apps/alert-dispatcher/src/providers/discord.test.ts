import { Secret } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { testAlert } from "../testing/alerts.ts";
import { alertProviderSuite } from "../testing/provider-suite.ts";
import { slackMessage } from "../testing/slack-message.ts";
import { discord } from "./discord.ts";

alertProviderSuite("discord", {
  path: "/api/webhooks/1/abc",
  called: "/api/webhooks/1/abc/slack",
  bodies: { info: slackMessage("good"), warn: slackMessage("warning"), error: slackMessage("danger") },
});

const addresses: Record<string, string> = {
  "https://discord.example/api/webhooks/1/a": "https://discord.example/api/webhooks/1/a/slack",
  "https://discord.example/api/webhooks/1/a/": "https://discord.example/api/webhooks/1/a/slack",
  "https://discord.example/api/webhooks/1/a/slack": "https://discord.example/api/webhooks/1/a/slack",
  "https://discord.example/api/webhooks/1/a/slack?thread_id=5":
    "https://discord.example/api/webhooks/1/a/slack?thread_id=5",
};
for (const [address, url] of Object.entries(addresses)) {
  test(`${address} is called at ${url}`, () => {
    const receiver = { address: new Secret(address), token: undefined, channel: "", username: "" };
    expect(discord.post(testAlert(), receiver).url).toBe(url);
  });
}
