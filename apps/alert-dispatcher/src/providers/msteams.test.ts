import { Secret } from "@burgee/service-kit";
import { expect, test } from "vitest";
import { testAlert } from "../testing/alerts.ts";
import { alertProviderSuite } from "../testing/provider-suite.ts";
import { msteams } from "./msteams.ts";

const card = (style: string) => ({
  type: "message",
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        msteams: { width: "Full" },
        body: [
          {
            type: "Container",
            style,
            items: [
              {
                type: "TextBlock",
                text: "New revision detected, progressing canary analysis.",
                weight: "bolder",
                wrap: true,
              },
              { type: "TextBlock", text: "podinfo.test", isSubtle: true },
            ],
          },
          { type: "FactSet", facts: [{ title: "Target", value: "Deployment/podinfo.test" }] },
        ],
      },
    },
  ],
});

alertProviderSuite("msteams", {
  path: "/workflows/abc/triggers/manual/paths/invoke",
  bodies: { info: card("good"), warn: card("warning"), error: card("attention") },
});

for (const host of ["outlook.office.com", "contoso.webhook.office.com"]) {
  test(`the connector ${host} gets upstream's MessageCard`, () => {
    const receiver = { address: new Secret(`https://${host}/webhook/x`), token: undefined, channel: "", username: "" };
    expect(msteams.post(testAlert({ severity: "error" }), receiver).body).toEqual({
      "@type": "MessageCard",
      "@context": "http://schema.org/extensions",
      themeColor: "FF0000",
      summary: "podinfo.test",
      sections: [
        {
          activityTitle: "New revision detected, progressing canary analysis.",
          activitySubtitle: "podinfo.test",
          facts: [{ name: "Target", value: "Deployment/podinfo.test" }],
        },
      ],
    });
    expect(msteams.post(testAlert({ severity: "warn" }), receiver).body).toMatchObject({ themeColor: "0076D7" });
  });
}
