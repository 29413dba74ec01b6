import { Secret } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { testAlert } from "../testing/alerts.ts";
import { alertProviderSuite } from "../testing/provider-suite.ts";
import { discord } from "./discord.ts";

const body = (color: string) => ({
  channel: "general",
  username: "flagger",
  icon_url: "",
  icon_emoji: ":rocket:",
  attachments: [
    {
      color,
      author_name: "podinfo.test",
      text: "New revision detected, progressing canary analysis.",
      mrkdwn_in: ["text"],
      fields: [{ title: "Target", value: "Deployment/podinfo.test", short: false }],
    },
  ],
});

alertProviderSuite("discord", {
  path: "/api/webhooks/1/abc",
  called: "/api/webhooks/1/abc/slack",
  bodies: { info: body("good"), warn: body("warning"), error: body("danger") },
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
