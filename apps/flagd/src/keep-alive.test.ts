import { once } from "node:events";
import { type ClientHttp2Session, connect } from "node:http2";
import { type Server, serve } from "@burgee/service-kit";
import { afterEach, describe, expect, it } from "vitest";
import { enforceKeepAlive, type KeepAlivePolicy } from "./keep-alive.ts";

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close(0);
});

async function session(policy: KeepAlivePolicy): Promise<ClientHttp2Session> {
  const server = await serve({
    name: "test",
    at: { port: 0, host: "127.0.0.1" },
    handler: (_, response) => void response.end("x".repeat(1_000)),
    session: (opened) => enforceKeepAlive(opened, policy),
  });
  open.push(server);
  const client = connect(`http://127.0.0.1:${server.port}`);
  // What a client that is sent away sees beside the GOAWAY.
  client.on("error", () => client.destroy());
  await once(client, "connect");
  return client;
}

/** The code with which the server sends the client away, undefined when it stays after so many pings. */
async function pings(client: ClientHttp2Session, times: number, between?: () => Promise<void>): Promise<unknown> {
  let sentAway: unknown;
  client.on("goaway", (code) => {
    sentAway = code;
  });
  const closed = new Promise((resolve) => client.once("close", resolve));
  for (let n = 0; n < times && !client.destroyed && !client.closed; n++) {
    const { promise, resolve } = Promise.withResolvers<void>();
    client.ping(() => resolve());
    await Promise.race([promise, closed]);
    await between?.();
  }
  if (sentAway === undefined && !client.destroyed) client.close();
  await closed;
  return sentAway === 0 ? undefined : sentAway;
}

const enhanceYourCalm = 11;
const seldom = { minTimeMs: 30_000, withoutStream: true };

describe("clients that ping", () => {
  it("too often are sent away with ENHANCE_YOUR_CALM", async () => {
    expect(await pings(await session(seldom), 8)).toBe(enhanceYourCalm);
  });

  it("as often as they may stay", async () => {
    expect(await pings(await session({ ...seldom, minTimeMs: 0 }), 8)).toBeUndefined();
  });

  it("three times stay", async () => {
    expect(await pings(await session(seldom), 3)).toBeUndefined();
  });

  it("after each answer stay", async () => {
    const client = await session(seldom);
    const ask = async (): Promise<void> => {
      await once(client.request({ ":path": "/" }).resume(), "close");
    };
    expect(await pings(client, 8, ask)).toBeUndefined();
  });

  it("without a stream, where that is not permitted, are sent away", async () => {
    const client = await session({ minTimeMs: 0, withoutStream: false });
    expect(await pings(client, 8)).toBe(enhanceYourCalm);
  });
});
