import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { KubeError } from "../kube-error.ts";

/** What proves to the server who we are: header values and TLS material, as far as they are known right now. */
export interface Credentials {
  headers: Record<string, string>;
  tls: { ca?: string | Buffer; cert?: string | Buffer; key?: string | Buffer };
}

/** Where the API is and how to talk to it. Made from a kubeconfig, a pod's service account or a plain URL. */
export interface ClusterAccess {
  /** Without trailing slash and credentials. */
  server: string;
  serverName?: string;
  insecureSkipVerify?: boolean;
  proxyUrl?: string;
  /** May run a program or read files; called for every request, so it caches what it can. */
  credentials(): Promise<Credentials>;
  /** Throws cached credentials away after the server refused them. */
  forget(): void;
}

/** Headers and a connection pool for the next request. */
export interface Connection {
  readonly server: string;
  prepare(): Promise<{ headers: Record<string, string>; dispatcher: Dispatcher }>;
  forget(): void;
  close(): Promise<void>;
}

/** Keeps one pool of connections, replaced when the TLS material changes (rotated client certificates). */
export function createConnection(access: ClusterAccess): Connection {
  let current: { tls: Credentials["tls"]; dispatcher: Dispatcher } | undefined;

  function dispatcherFor(tls: Credentials["tls"]): Dispatcher {
    if (current !== undefined && isSameMaterial(current.tls, tls)) return current.dispatcher;
    // Running requests of the old pool finish; watches are reopened by their informers when the server closes them.
    current?.dispatcher.close().catch(() => undefined);
    current = { tls, dispatcher: createDispatcher(access, tls) };
    return current.dispatcher;
  }

  return {
    server: access.server,
    async prepare() {
      try {
        const { headers, tls } = await access.credentials();
        return { headers, dispatcher: dispatcherFor(tls) };
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message.trim() : String(cause);
        throw new KubeError("unauthorized", `cannot get credentials for ${access.server}: ${reason}`, { cause });
      }
    },
    forget: () => access.forget(),
    async close() {
      const closing = current?.dispatcher;
      current = undefined;
      await closing?.destroy();
    },
  };
}

/** Asked for every request: what is the very same is not compared. */
function isSameMaterial(a: Credentials["tls"], b: Credentials["tls"]): boolean {
  const isSame = (part: "ca" | "cert" | "key") =>
    a[part] === b[part] || Buffer.from(a[part] ?? "").equals(Buffer.from(b[part] ?? ""));
  return a === b || (isSame("ca") && isSame("cert") && isSame("key"));
}

function createDispatcher(access: ClusterAccess, material: Credentials["tls"]): Dispatcher {
  const tls = {
    ...material,
    ...(access.serverName !== undefined && { servername: access.serverName }),
    ...(access.insecureSkipVerify === true && { rejectUnauthorized: false }),
  };
  // Load balancers in front of an API drop connections that are idle for 60 s: probe every 30 s, as client-go does.
  const keepAlive = { keepAlive: true, keepAliveInitialDelay: 30_000 };
  const timeouts = { headersTimeout: 0, bodyTimeout: 0 };
  if (access.proxyUrl !== undefined) {
    return new ProxyAgent({ uri: access.proxyUrl, requestTls: { ...tls, ...keepAlive }, ...timeouts });
  }
  return new Agent({ connect: { ...tls, ...keepAlive, timeout: 10_000 }, ...timeouts });
}
