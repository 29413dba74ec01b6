import type { AlertProviderType } from "./provider.ts";
import { slackMessage } from "./slack.ts";

/** Rocket.Chat's incoming webhook: Slack's message with colours of its own. */
export const rocket: AlertProviderType = {
  rate: { burst: 10, intervalMs: 500 },
  post: (alert, receiver) => ({
    url: receiver.address.reveal(),
    body: slackMessage(alert, receiver, alert.severity === "error" ? "#FF0000" : "#0076D7"),
  }),
};
