import { busOptions } from "@burgee/event-bus";
import { kubeAccessCheck, kubeOptions } from "@burgee/kube";
import { defineConfig, option } from "@burgee/service-kit";
import { isHttpUrl } from "./alert-providers/provider-problems.ts";

function expectsHttpUrl(text: string): string | undefined {
  return isHttpUrl(text) ? undefined : "a URL starting with http:// or https://";
}

/** Everything that can be set. The names of the global notifier are upstream's. */
export const configSchema = defineConfig(
  "ALERT_DISPATCHER",
  {
    ...busOptions,
    ...kubeOptions,
    slackUrl: option.secret({
      optional: true,
      env: ["SLACK_URL"],
      expects: expectsHttpUrl,
      about: "Slack webhook, or https://slack.com/api/chat.postMessage, for canaries without analysis.alerts",
    }),
    slackToken: option.secret({ optional: true, env: ["SLACK_TOKEN"], about: "bearer token for slackUrl" }),
    slackUser: option.string({ default: "flagger", about: "sender shown in Slack" }),
    slackChannel: option.string({ default: "", about: "Slack channel; general when empty" }),
    slackProxyUrl: option.url({ optional: true, env: ["SLACK_PROXY_URL"], about: "forward proxy for slackUrl" }),
    msteamsUrl: option.secret({
      optional: true,
      env: ["MSTEAMS_URL"],
      expects: expectsHttpUrl,
      about: "Microsoft Teams webhook for canaries without analysis.alerts",
    }),
    msteamsProxyUrl: option.url({ optional: true, env: ["MSTEAMS_PROXY_URL"], about: "forward proxy for msteamsUrl" }),
    noCrossNamespaceRefs: option.boolean({
      default: false,
      about: "refuse AlertProviders of another namespace than the canary's",
    }),
    concurrency: option.integer({
      default: 16,
      min: 1,
      max: 1000,
      about: "alerts of different canaries in hand at once",
    }),
    postTimeout: option.duration({ default: "5s", min: "100ms", max: "1m", about: "time limit of one post" }),
    maxDeliveries: option.integer({
      default: 12,
      min: 1,
      max: 1000,
      about: "attempts before an alert goes to the dead letters; with growing waits, 12 take about 4 minutes",
    }),
    takeOverAfter: option.duration({
      default: "15s",
      min: "100ms",
      max: "10m",
      about: "alerts in the hands of a dispatcher that was silent for so long are delivered by another",
    }),
    retryDelay: option.duration({ default: "1s", min: "10ms", max: "30s", about: "wait before the second attempt" }),
  },
  { managementPort: 8084, checks: [kubeAccessCheck] },
);
