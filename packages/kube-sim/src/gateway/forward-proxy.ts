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
    const authority = parseAuthority(incoming.url ?? "");
    const to = authority
      ? resolve(authority.host, authority.port, incoming)
      : { refused: `"${incoming.url}" is not host:port` };
    if ("refused" in to) {
      client.end(`HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\n\r\n${to.refused}\n`);
      return;
    }
    const upstream = connect(to.port, to.host, () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      if (head.length > 0) upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.setNoDelay(true);
    for (const side of [client, upstream]) tunnels.add(side);
    const end = () => {
      for (const side of [client, upstream]) {
        tunnels.delete(side);
        side.destroy();
      }
    };
    upstream.on("error", (error: NodeJS.ErrnoException) => {
      if (upstream.connecting || upstream.bytesRead === 0)
        client.end(`HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/plain\r\n\r\n${error.code ?? error.message}\n`);
      end();
    });
    client.on("error", end);
    upstream.on("close", end);
    client.on("close", end);
  });

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
