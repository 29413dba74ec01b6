import { workloadOf } from "../alert.ts";
import type { AlertProviderType } from "./provider.ts";

/** Google Chat, with upstream's cards. */
export const gchat: AlertProviderType = {
  // One message a second and space.
  rate: { burst: 1, intervalMs: 1_000 },
  post: (alert, receiver) => ({
    url: receiver.address.reveal(),
    body: {
      cards: [
        {
          header: {
            title: "Flagger",
            subtitle: workloadOf(alert),
            imageUrl: "https://flagger.app/favicon.png",
          },
          sections: [
            paragraph(`<font color=#848484><strong>${escaped(alert.message)}</strong></font>`),
            ...alert.fields.map(({ name, value }) =>
              paragraph(`${escaped(name)}<br><font color=#848484><strong>${escaped(value)}</strong></font>`),
            ),
          ],
        },
      ],
    },
  }),
};

function paragraph(text: string): object {
  return { widgets: [{ textParagraph: { text } }] };
}

/** Upstream does not, and a message with `<` in it then loses its end. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
