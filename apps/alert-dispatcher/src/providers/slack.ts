import type { DialedResponse } from "@burgee/service-kit";
import { type Alert, workloadOf } from "../alert.ts";
import type { AlertProviderType, Receiver, Refusal } from "./provider.ts";

/** Upstream sends `good` for warn, too, so that nobody sees the warning; everything else is as upstream. */
const colors = { info: "good", warn: "warning", error: "danger" } as const;

/** Slack's message with one attachment, which Discord and Rocket.Chat take as well. */
export function slackMessage(alert: Alert, receiver: Receiver, color: string): object {
  return {
    channel: receiver.channel,
    username: receiver.username,
    icon_url: "",
    icon_emoji: ":rocket:",
    attachments: [
      {
        color,
        author_name: workloadOf(alert),
        text: alert.message,
        mrkdwn_in: ["text"],
        fields: alert.fields.map(({ name, value }) => ({ title: name, value, short: false })),
      },
    ],
  };
}

/** An incoming webhook, or `https://slack.com/api/chat.postMessage` with a token. */
export const slack: AlertProviderType = {
  // Slack takes about one message a second and channel, and short bursts.
  rate: { burst: 10, intervalMs: 1_000 },
  post: (alert, receiver) => ({
    url: receiver.address.reveal(),
    ...(receiver.token === undefined ? {} : { headers: { authorization: `Bearer ${receiver.token.reveal()}` } }),
    body: slackMessage(alert, receiver, colors[alert.severity]),
  }),
  refusal: apiRefusal,
};

/** The Web API answers 200 with `{"ok": false, "error": "channel_not_found"}`; webhooks answer the text `ok`. */
function apiRefusal(response: DialedResponse): Refusal | undefined {
  if (!response.headers.get("content-type")?.includes("json")) return undefined;
  const answer = response.json();
  if (typeof answer !== "object" || answer === null || !("ok" in answer) || answer.ok !== false) return undefined;
  const error = "error" in answer ? String(answer.error) : "no reason given";
  return { reason: `Slack answered ${error}`, retry: ["ratelimited", "internal_error", "fatal_error"].includes(error) };
}
