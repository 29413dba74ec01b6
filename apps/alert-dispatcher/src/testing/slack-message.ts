/** What Slack and those who take its messages get for `testAlert`. */
export function slackMessage(color: string): object {
  return {
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
  };
}
