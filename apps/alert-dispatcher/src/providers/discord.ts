import type { AlertProviderType } from "./provider.ts";
import { slackMessage } from "./slack.ts";

const colors = { info: "good", warn: "warning", error: "danger" } as const;

/** Discord's Slack-compatible endpoint: the webhook's URL with `/slack` at the end of its path. */
export const discord: AlertProviderType = {
  // Discord takes five posts in two seconds from a webhook.
  rate: { burst: 5, intervalMs: 500 },
  post: (alert, receiver) => ({
    url: slackEndpoint(receiver.address.reveal()),
    body: slackMessage(alert, receiver, colors[alert.severity]),
  }),
};

function slackEndpoint(address: string): string {
  const url = new URL(address);
  // Upstream looks at the end of the whole URL and so appends twice when there is a query.
  if (!url.pathname.endsWith("/slack")) url.pathname = `${url.pathname.replace(/\/$/, "")}/slack`;
  return url.href;
}
