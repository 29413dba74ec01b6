import { Secret } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { testAlert } from "../testing/alerts.ts";
import { alertProviderSuite } from "../testing/provider-suite.ts";
import { gchat } from "./gchat.ts";

const body = {
  cards: [
    {
      header: { title: "Flagger", subtitle: "podinfo.test", imageUrl: "https://flagger.app/favicon.png" },
      sections: [
        {
          widgets: [
            {
              textParagraph: {
                text: "<font color=#848484><strong>New revision detected, progressing canary analysis.</strong></font>",
              },
            },
          ],
        },
        {
          widgets: [
            {
              textParagraph: { text: "Target<br><font color=#848484><strong>Deployment/podinfo.test</strong></font>" },
            },
          ],
        },
      ],
    },
  ],
};

alertProviderSuite("gchat", { path: "/v1/spaces/x/messages", bodies: { info: body, warn: body, error: body } });

test("text is escaped, so that a message with < keeps its end", () => {
  const receiver = { address: new Secret("https://chat.example"), token: undefined, channel: "", username: "" };
  const { body: posted } = gchat.post(testAlert({ message: "a < b & c" }), receiver);
  expect(JSON.stringify(posted)).toContain("<strong>a &lt; b &amp; c</strong>");
});
