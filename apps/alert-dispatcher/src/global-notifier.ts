import { ConfigError, type Secret } from "@burgee/service-kit";
import { defaultChannel, isHttpUrl } from "./alert-providers/provider-problems.ts";
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

/** Slack and Teams may both be set (upstream then drops Slack). Throws ConfigError when an address is no URL. */
export function globalRecipients(config: GlobalNotifierConfig): Recipient[] {
  const problems: string[] = [];
  const check = (flag: string, url: Secret): void => {
    if (!isHttpUrl(url.reveal())) problems.push(`${flag} is not a URL, expected one starting with http:// or https://`);
  };
  const recipients: Recipient[] = [];
  const { slackUrl, slackToken, slackUser, slackChannel, slackProxyUrl, msteamsUrl, msteamsProxyUrl } = config;
  if (slackUrl !== undefined) {
    check("--slack-url", slackUrl);
    const receiver = {
      address: slackUrl,
      token: slackToken,
      username: slackUser,
      channel: slackChannel || defaultChannel,
    };
    recipients.push({ key: "global/slack", open: async () => ({ type: "slack", receiver, proxy: slackProxyUrl }) });
  }
  if (msteamsUrl !== undefined) {
    check("--msteams-url", msteamsUrl);
    const receiver = { address: msteamsUrl, token: undefined, username: slackUser, channel: slackChannel };
    recipients.push({
      key: "global/msteams",
      open: async () => ({ type: "msteams", receiver, proxy: msteamsProxyUrl }),
    });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return recipients;
}
