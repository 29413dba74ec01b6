import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { type Address, createForwarder } from "./forward.ts";
import { parseAuthority } from "./names.ts";

/** Finds the address behind a name; a text says why there is none. */
export type Resolve = (host: string, port: number, request: IncomingMessage) => Address | { readonly refused: string };

/**
 * A forward proxy for the local stack: plain HTTP by absolute URL, anything else by CONNECT. It reaches only what `resolve` knows
 * and answers 502 with the reason for the rest. Not listening yet.
 */
export function createForwardProxy(resolve: Resolve): { server: Server; close(): Promise<void> } {
  const forwarder = createForwarder();
  const tunnels = new Set<Duplex>();

  const server = createServer((incoming: IncomingMessage, response: ServerResponse) => {
    const url = parseAbsolute(incoming.url);
    if (!url) return response.writeHead(400).end("this is a forward proxy: send an absolute http:// URL or CONNECT\n");
    const to = resolve(url.hostname, Number(url.port || 80), incoming);
    if ("refused" in to) return response.writeHead(502).end(`${to.refused}\n`);
    return forwarder.forward(incoming, response, to, { path: `${url.pathname}${url.search}` });
  });

  server.on("connect", (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    // From here on the socket is ours alone: without this a reset by the client would end the process.
    client.on("error", () => client.destroy());
    const refuse = (reason: string) =>
      client.end(`HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\n\r\n${reason}\n`);
    const authority = parseAuthority(incoming.url ?? "");
    if (!authority) {
      refuse(`"${incoming.url}" is not host:port`);
      return;
    }
    const to = resolve(authority.host, authority.port, incoming);
    if ("refused" in to) refuse(to.refused);
    else tunnel(client, head, to, refuse);
  });

  function tunnel(client: Duplex, head: Buffer, to: Address, refuse: (reason: string) => void): void {
    let established = false;
    const upstream = connect(to.port, to.host, () => {
      established = true;
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      if (head.length > 0) upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.setNoDelay(true);
    for (const side of [client, upstream]) {
      tunnels.add(side);
      side.on("close", () => tunnels.delete(side));
    }
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      if (established) client.destroy();
      else refuse(error.code ?? error.message);
    });
    upstream.on("close", () => {
      if (established) client.destroy();
    });
    client.on("close", () => upstream.destroy());
  }

  return {
    server,
    close: () =>
      new Promise((done) => {
        for (const side of tunnels) side.destroy();
        server.close(() => done());
        server.closeAllConnections();
        forwarder.close();
      }),
  };
}

function parseAbsolute(url = ""): URL | undefined {
  return url.startsWith("http://") && URL.canParse(url) ? new URL(url) : undefined;
}
