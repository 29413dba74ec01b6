// One receiver of webhooks that every host name leads to, over HTTP and HTTPS, as a proxy that resolves names would.
import { createServer } from "node:http";
import { connect } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { createCertificateAuthority } from "@burgee/kube-sim";
import { createDialer, type Dialer } from "@burgee/service-kit";
import { type HookServer, startHookServer } from "./hook-server.ts";

/** The receiver, and the way there. */
export interface EveryHost {
  hooks: HookServer;
  /** `host:port` of every connection. */
  readonly connected: ReadonlySet<string>;
  /** Takes every call to the receiver, whatever its URL. */
  dialer(): Dialer;
  stop(): Promise<void>;
}

/** Answers for these names; any other host cannot be reached. */
export async function startEveryHost(hosts: readonly string[]): Promise<EveryHost> {
  const hooks = await startHookServer();
  const port = Number(new URL(hooks.url).port);
  const authority = createCertificateAuthority();
  const secureContext = createSecureContext(authority.issue({ commonName: "every host", hosts }));
  const connected = new Set<string>();
  const proxy = createServer().on("connect", ({ url = "" }, client) => {
    if (!hosts.includes(new URL(`tcp://${url}`).hostname)) {
      client.end("HTTP/1.1 502 No such host\r\n\r\n");
      return;
    }
    connected.add(url);
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    const plain = url.endsWith(":443") ? new TLSSocket(client, { isServer: true, secureContext }) : client;
    const receiver = connect(port, "127.0.0.1");
    plain.pipe(receiver).pipe(plain);
    for (const side of [plain, receiver]) {
      side.on("error", () => {
        plain.destroy();
        receiver.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = proxy.address();
  if (address === null || typeof address === "string") throw new Error("the proxy has no port");
  return {
    hooks,
    connected,
    dialer() {
      const dialer = createDialer({ outgoingProxy: `http://127.0.0.1:${address.port}` });
      return { ...dialer, fetch: (url, init) => dialer.fetch(url, { tls: { ca: authority.cert }, ...init }) };
    },
    async stop() {
      await hooks.stop();
      await new Promise<void>((resolve) => {
        proxy.close(() => resolve());
        proxy.closeAllConnections();
      });
    },
  };
}
