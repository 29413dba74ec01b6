import { type Alert, workloadOf } from "../alert.ts";
import type { AlertProviderType } from "./provider.ts";

const styles = { info: "good", warn: "warning", error: "attention" } as const;

/**
 * Microsoft Teams. Office 365 connectors take only the old MessageCard, workflows only Adaptive Cards: the host of the address
 * tells which (the same rule as in Flux).
 */
export const msteams: AlertProviderType = {
  // Connectors take four posts a second.
  rate: { burst: 4, intervalMs: 250 },
  post(alert, receiver) {
    const url = receiver.address.reveal();
    return { url, body: isConnector(new URL(url).hostname) ? messageCard(alert) : adaptiveCard(alert) };
  },
};

function isConnector(host: string): boolean {
  return host === "outlook.office.com" || host.endsWith(".webhook.office.com");
}

function messageCard(alert: Alert): object {
  return {
    "@type": "MessageCard",
    "@context": "http://schema.org/extensions",
    themeColor: alert.severity === "error" ? "FF0000" : "0076D7",
    summary: workloadOf(alert),
    sections: [
      {
        activityTitle: alert.message,
        activitySubtitle: workloadOf(alert),
        facts: alert.fields.map(({ name, value }) => ({ name, value })),
      },
    ],
  };
}

function adaptiveCard(alert: Alert): object {
  const text = {
    type: "Container",
    style: styles[alert.severity],
    items: [
      { type: "TextBlock", text: alert.message, weight: "bolder", wrap: true },
      { type: "TextBlock", text: workloadOf(alert), isSubtle: true },
    ],
  };
  const facts = alert.fields.map(({ name, value }) => ({ title: name, value }));
  return {
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
          body: facts.length === 0 ? [text] : [text, { type: "FactSet", facts }],
        },
      },
    ],
  };
}
