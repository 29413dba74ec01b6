import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A message as Slack's incoming webhooks take it; only what the demo shows. */
export interface SlackMessage {
  /** The alert's; the same when an alert is delivered again. */
  readonly id: string;
  readonly text: string;
  readonly color: string;
}

export interface Sink {
  readonly port: number;
  readonly url: string;
  messages(): readonly SlackMessage[];
  stop(): Promise<void>;
}

/** A Slack-compatible webhook that keeps what it receives; GET lists it. */
export async function startSink(onMessage: (message: SlackMessage) => void): Promise<Sink> {
  const messages: SlackMessage[] = [];
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(messages, undefined, 2));
      return;
    }
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const message = parseMessage(body, String(request.headers["x-burgee-alert-id"]));
      if (!message) {
        response.writeHead(400).end("invalid_payload");
        return;
      }
      messages.push(message);
      onMessage(message);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    messages: () => messages,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function parseMessage(body: string, id: string): SlackMessage | undefined {
  try {
    const payload = JSON.parse(body);
    const attachment = payload?.attachments?.[0] ?? {};
    return {
      id,
      text: String(attachment.text ?? payload?.text ?? ""),
      color: String(attachment.color ?? ""),
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
