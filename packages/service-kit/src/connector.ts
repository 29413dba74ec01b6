import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { DialError } from "./dial-error.ts";
import { bareHost, type EgressPolicy, isLoopback } from "./egress-policy.ts";
import { messageOf } from "./kit-error.ts";
import { redactUrl } from "./redact.ts";

/** How a server is believed, and what it is shown. Certificates and keys are PEM. */
export interface TlsOptions {
  /** Instead of the system's. */
  readonly ca?: string | Uint8Array;
  /** With `key`: who we are, for mTLS. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** The name in the certificate, and in SNI. Default: the host that is called. */
  readonly serverName?: string;
  /** Believes any certificate. Default false. */
  readonly insecureSkipVerify?: boolean;
}

export interface Route {
  readonly policy: EgressPolicy;
  /** Forward proxy (`http://[user:password@]host:port`) for everything but loopback. */
  readonly proxy: string | undefined;
  readonly timeoutMs: number;
}

/** Throws {@link DialError} `refused_by_policy` when the host must not be called. */
export function assertAllowed(host: string, policy: EgressPolicy): void {
  const reason = policy.refuses(host);
  if (reason === undefined) return;
  throw new DialError("refused_by_policy", `${reason}; allow it with --egress-allow if it is meant`);
}

/** Whether a call to this host goes straight there. */
export function isDirect(host: string, route: Route): boolean {
  return route.proxy === undefined || isLoopback(host);
}

// A peer that vanished is noticed within half a minute, also by streams that only wait.
const keepAliveInitialDelay = 15_000;

/** A socket on its way to the host, without waiting: errors come as its `error` event. */
export function beginDirect(host: string, port: number, route: Route): net.Socket {
  const socket = net.connect({
    host: bareHost(host),
    port,
    lookup: route.policy.lookup,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay,
  });
  const late = setTimeout(() => {
    socket.destroy(
      new DialError("timeout", `${host}:${port} did not accept a connection within ${route.timeoutMs} ms`),
    );
  }, route.timeoutMs);
  const settle = (): void => clearTimeout(late);
  return socket.once("connect", settle).once("close", settle);
}

/** A connected socket, through the proxy unless the host is loopback. Rejects with {@link DialError}. */
export async function openSocket(host: string, port: number, route: Route): Promise<net.Socket> {
  assertAllowed(host, route.policy);
  if (!isDirect(host, route)) return openTunnel(host, port, route);
  const socket = beginDirect(host, port, route);
  return connected(socket, `${host}:${port}`);
}

async function connected(socket: net.Socket, where: string): Promise<net.Socket> {
  try {
    await once(socket, "connect");
    return socket;
  } catch (error) {
    if (error instanceof DialError) throw error;
    throw new DialError("unreachable", `cannot connect to ${where}: ${messageOf(error)}`, { cause: error });
  }
}

// The head of a proxy's answer; a proxy that sends more before the empty line is not one.
const maxHeadBytes = 16 * 1024;

async function openTunnel(host: string, port: number, route: Route): Promise<net.Socket> {
  const proxy = new URL(route.proxy ?? "");
  const target = `${net.isIPv6(bareHost(host)) ? `[${bareHost(host)}]` : bareHost(host)}:${port}`;
  const where = `proxy ${redactUrl(proxy)}`;
  const socket = await connected(beginDirect(proxy.hostname, Number(proxy.port || 80), route), where);
  const credentials = Buffer.from(
    `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`,
  ).toString("base64");
  const authorization = proxy.username === "" ? "" : `Proxy-Authorization: Basic ${credentials}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}\r\n`);
  const late = setTimeout(() => {
    socket.destroy(
      new DialError("timeout", `${where} did not open a tunnel to ${target} within ${route.timeoutMs} ms`),
    );
  }, route.timeoutMs);
  try {
    const head = await readHead(socket);
    if (/^HTTP\/1\.[01] 2\d\d/.test(head)) return socket;
    throw new DialError("unreachable", `${where} refused ${target}: ${head.split("\r\n")[0] ?? "no answer"}`);
  } catch (error) {
    socket.destroy();
    if (error instanceof DialError) throw error;
    throw new DialError("unreachable", `${where} broke off while connecting to ${target}: ${messageOf(error)}`, {
      cause: error,
    });
  } finally {
    clearTimeout(late);
  }
}

/** Reads up to the empty line and puts the bytes after it back. */
async function readHead(socket: net.Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let head = Buffer.alloc(0);
  const onReadable = (): void => {
    for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end >= 0) {
        socket.off("readable", onReadable);
        if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
        resolve(head.subarray(0, end).toString("latin1"));
        return;
      }
      if (head.length > maxHeadBytes) reject(new Error("its answer has no end of headers"));
    }
  };
  const onEnd = (): void => reject(new Error("it closed the connection"));
  socket.on("readable", onReadable).once("error", reject).once("end", onEnd);
  try {
    return await promise;
  } finally {
    socket.off("readable", onReadable).off("error", reject).off("end", onEnd);
  }
}

/** Node's TLS options for ours. */
export function tlsConnectOptions(host: string, o: TlsOptions = {}): tls.ConnectionOptions {
  const name = o.serverName ?? bareHost(host);
  const pem = (text: string | Uint8Array): string | Buffer => (typeof text === "string" ? text : Buffer.from(text));
  return {
    ...(net.isIP(name) === 0 ? { servername: name } : {}),
    ...(o.ca === undefined ? {} : { ca: pem(o.ca) }),
    ...(o.cert === undefined ? {} : { cert: pem(o.cert) }),
    ...(o.key === undefined ? {} : { key: pem(o.key) }),
    rejectUnauthorized: o.insecureSkipVerify !== true,
  };
}

/** TLS over a connected socket, once the handshake is done. Rejects with {@link DialError} `unreachable`. */
export async function secured(
  socket: net.Socket,
  host: string,
  o: TlsOptions & { readonly alpn: readonly string[] },
): Promise<tls.TLSSocket> {
  const secure = tls.connect({ ...tlsConnectOptions(host, o), socket, ALPNProtocols: [...o.alpn] });
  try {
    await once(secure, "secureConnect");
    return secure;
  } catch (error) {
    socket.destroy();
    throw new DialError("unreachable", `TLS with ${host} failed: ${messageOf(error)}`, { cause: error });
  }
}
