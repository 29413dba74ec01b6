import { ConfigError, parseConfig, Secret } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { configSchema } from "./config.ts";
import { globalRecipients } from "./global-notifier.ts";

const parsed = (env: Record<string, string>) => globalRecipients(parseConfig(configSchema, [], env));
const signal = new AbortController().signal;

test("upstream's variables make Slack and Teams receivers, both at once", async () => {
  const recipients = parsed({
    SLACK_URL: "https://slack.example/x",
    SLACK_TOKEN: "t0",
    MSTEAMS_URL: "https://teams.example/y",
  });
  expect(recipients.map(({ key }) => key)).toEqual(["global/slack", "global/msteams"]);
  const [slack, teams] = await Promise.all(recipients.map((recipient) => recipient.open(signal)));
  expect(slack).toMatchObject({ type: "slack", receiver: { channel: "general", username: "flagger" } });
  expect(slack?.receiver.address.reveal()).toBe("https://slack.example/x");
  expect(slack?.receiver.token).toEqual(new Secret("t0"));
  expect(teams?.receiver.address.reveal()).toBe("https://teams.example/y");
});

test("without any of them nobody is told", () => expect(parsed({})).toEqual([]));

test("an address that is no URL is a problem of the configuration that does not show it", () => {
  expect(() => parsed({ SLACK_URL: "hooks/T0/secret" })).toThrow(ConfigError);
  expect(() => parsed({ SLACK_URL: "hooks/T0/secret" })).toThrow(
    /SLACK_URL is "\*\*\*", expected a URL starting with http/,
  );
});
