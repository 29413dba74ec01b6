import type { Secret } from "@burgee/service-kit";
import { defaultChannel } from "./alert-providers/provider-problems.ts";
import type { Recipient } from "./recipients.ts";

/** Upstream's flags for the notifier of canaries that name no AlertProvider. */
export interface GlobalNotifierConfig {
  readonly slackUrl: Secret | undefined;
  readonly slackToken: Secret | undefined;
  readonly slackUser: string;
  readonly slackChannel: string;
  readonly slackProxyUrl: string | undefined;
  readonly msteamsUrl: Secret | undefined;
  readonly msteamsProxyUrl: string | undefined;
}

/** Slack and Teams may both be set (upstream then drops Slack). */
export function globalRecipients(config: GlobalNotifierConfig): Recipient[] {
  const recipients: Recipient[] = [];
  const { slackUrl, slackToken, slackUser, slackChannel, slackProxyUrl, msteamsUrl, msteamsProxyUrl } = config;
  if (slackUrl !== undefined) {
    const receiver = {
      address: slackUrl,
      token: slackToken,
      username: slackUser,
      channel: slackChannel || defaultChannel,
    };
    recipients.push({ key: "global/slack", open: async () => ({ type: "slack", receiver, proxy: slackProxyUrl }) });
  }
  if (msteamsUrl !== undefined) {
    const receiver = { address: msteamsUrl, token: undefined, username: slackUser, channel: slackChannel };
    recipients.push({
      key: "global/msteams",
      open: async () => ({ type: "msteams", receiver, proxy: msteamsProxyUrl }),
    });
  }
  return recipients;
}
