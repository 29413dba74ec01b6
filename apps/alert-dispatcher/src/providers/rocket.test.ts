import { alertProviderSuite } from "../testing/provider-suite.ts";
import { slackMessage } from "../testing/slack-message.ts";

alertProviderSuite("rocket", {
  path: "/hooks/abc/def",
  bodies: { info: slackMessage("#0076D7"), warn: slackMessage("#0076D7"), error: slackMessage("#FF0000") },
});
