import { once } from "node:events";
import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { backend, cleanup, listen } from "../testing/backends.ts";
import type { Address } from "./forward.ts";
import { createForwardProxy } from "./forward-proxy.ts";

describe("forward proxy", () => {
  async function proxy(known: Record<string, Address>) {
    const { server, close } = createForwardProxy(
      (host, port) => known[`${host}:${port}`] ?? { refused: `no Service for ${host}:${port}` },
    );
    cleanup.push(close);
    return listen(server);
  }

  async function throughProxy(at: Address, path: string): Promise<{ status: number; body: string }> {
    const call = request({ ...at, path });
    call.end();
    const [answer] = await once(call, "response");
    let body = "";
    for await (const chunk of answer) body += chunk;
    return { status: answer.statusCode, body };
  }

  it("forwards plain requests to the address behind the name", async () => {
    const a = await backend("a");
    const at = await proxy({ "shop.test:80": a.address });
    expect(await throughProxy(at, "http://shop.test/x?y=1")).toEqual({ status: 200, body: "a" });
    expect(a.seen).toEqual(["GET /x?y=1 - "]);
  });

  it("tunnels CONNECT to the address behind the name", async () => {
    const a = await backend("a");
    const at = await proxy({ "shop.test:8013": a.address });
    const call = request({ ...at, method: "CONNECT", path: "shop.test:8013" });
    call.end();
    const [, socket] = await once(call, "connect");
    socket.write("GET /tunnelled HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    let text = "";
    for await (const chunk of socket) text += chunk;
    expect(text).toContain("200 OK");
    expect(a.seen).toEqual(["GET /tunnelled - "]);
  });

  it("answers 502 when the address behind the name refuses connections, and survives a client that resets", async () => {
    const gone = await backend("gone");
    await cleanup.pop()?.();
    const at = await proxy({ "shop.test:80": gone.address });
    const call = request({ ...at, method: "CONNECT", path: "shop.test:80" });
    call.end();
    const [answer, socket] = await once(call, "connect");
    expect(answer.statusCode).toBe(502);
    socket.resetAndDestroy();
    expect((await throughProxy(at, "http://example.com/")).status).toBe(502);
  });

  it("refuses every other host and says why", async () => {
    const at = await proxy({});
    expect(await throughProxy(at, "http://example.com/")).toEqual({
      status: 502,
      body: "no Service for example.com:80\n",
    });
  });
});
