import { alertProviderSuite } from "../testing/provider-suite.ts";

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

alertProviderSuite("rocket", {
  path: "/hooks/abc/def",
  bodies: { info: body("#0076D7"), warn: body("#0076D7"), error: body("#FF0000") },
});
