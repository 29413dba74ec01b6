import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Dialer } from "@burgee/service-kit";

/** Node's agents over the service's sockets, so that an SDK's calls keep to its proxy and egress policy. */
export interface DialedAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

type Done = (error: Error | null, stream: Duplex) => void;

/** A connection for each call: a look every few seconds is too rare to keep one open. */
export function createDialedAgents(dialer: Dialer): DialedAgents {
  const http = new HttpAgent({ keepAlive: false });
  const https = new HttpsAgent({ keepAlive: false });
  http.createConnection = ({ host, port }, done) => {
    dialer.connect(host ?? "localhost", Number(port ?? 80)).then(
      (socket) => done?.(null, socket),
      (error: unknown) => fail(done, error),
    );
    return undefined;
  };
  https.createConnection = ({ host, port, servername }, done) => {
    const name = servername ?? host ?? "localhost";
    dialer.connect(host ?? "localhost", Number(port ?? 443)).then(
      (socket) => {
        const secured = connectTls({
          socket,
          host: name,
          servername: name,
          minVersion: "TLSv1.2",
          ALPNProtocols: ["http/1.1"],
        });
        done?.(null, secured);
      },
      (error: unknown) => fail(done, error),
    );
    return undefined;
  };
  return { http, https };
}

function fail(done: Done | undefined, error: unknown): void {
  const failure = error instanceof Error ? error : new Error(String(error));
  // Node never looks at the stream when there is an error; its types ask for one.
  Reflect.apply(done ?? (() => undefined), undefined, [failure]);
}
