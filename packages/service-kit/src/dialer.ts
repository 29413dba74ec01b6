import { connect as connectSocket, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { Transport } from "@connectrpc/connect";
import { compressionGzip, createGrpcTransport } from "@connectrpc/connect-node";
import type { Agent } from "undici";
import {
  assertAllowed,
  beginDirect,
  isDirect,
  openSocket,
  type Route,
  type TlsOptions,
  tlsConnectOptions,
} from "./connector.ts";
import { deferredDuplex } from "./deferred-duplex.ts";
import { createEgressPolicy } from "./egress-policy.ts";
import type { createAgent, DialedResponse, DialInit } from "./fetch.ts";

/** How one gRPC server is called. */
export interface GrpcTransportOptions {
  /** Of https:// URLs. Default: what the system trusts, and no certificate of our own. */
  readonly tls?: TlsOptions;
  /** Largest message accepted. Default 64 MiB (a whole flag set is one message). */
  readonly maxBytes?: number;
  /** Connects there, whatever the base URL's host is: that then is only the name that is asked for. */
  readonly at?: { readonly host: string; readonly port: number } | { readonly path: string };
  /** Pings an idle connection so often; off by default, because grpc-go servers refuse clients that ping more than they allow. */
  readonly pingIntervalMs?: number;
  /** Compresses what is sent. Default false. */
  readonly gzip?: boolean;
}

/** What differs from the other connections of the dialer. */
export interface DispatcherOptions {
  readonly tls?: TlsOptions;
  /** Instead of the configured proxy. */
  readonly proxy?: string;
}

/** The one way out of a service: HTTP, gRPC and raw connections share its proxy, limits and egress policy. */
export interface Dialer {
  /** The complete answer, body included. Rejects with DialError. */
  fetch(
    url: string | URL,
    init?: DialInit & DispatcherOptions & { readonly insecureSkipVerify?: boolean },
  ): Promise<DialedResponse>;
  /** A gRPC transport over h2c (`http:`) or h2 (`https:`). */
  grpcTransport(baseUrl: string, o?: GrpcTransportOptions): Transport;
  /** A connected socket. Loopback directly, everything else through the outgoing proxy when there is one. */
  connect(host: string, port: number): Promise<Socket>;
  close(): Promise<void>;
}

/** What holds for every outgoing call of a process. */
export interface DialerOptions {
  /** Forward proxy (`http://…`) for everything but loopback. */
  readonly outgoingProxy?: string | undefined;
  /** Addresses or CIDRs that are called although the egress policy denies them. */
  readonly egressAllow?: readonly string[];
  /** Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** Default `burgee`. */
  readonly userAgent?: string;
}

/**
 * The way out of a process: proxy, egress policy and TLS for all protocols. Opens nothing until something is called; close it to
 * close what it opened.
 */
export function createDialer(o: DialerOptions = {}): Dialer {
  const policy = createEgressPolicy(o.egressAllow);
  const { connectTimeoutMs: timeoutMs = 10_000, userAgent = "burgee" } = o;
  const routeVia = (proxy: string | undefined): Route => ({ policy, proxy: proxy ?? o.outgoingProxy, timeoutMs });
  const agents = new Map<string, Agent>();
  const agentFor = ({ tls, proxy }: DispatcherOptions, create: typeof createAgent): Agent => {
    const key = JSON.stringify([tls ?? {}, proxy ?? ""], (_, value: unknown) =>
      value instanceof Uint8Array ? [...value] : value,
    );
    const agent = agents.get(key) ?? create(routeVia(proxy), tls);
    agents.set(key, agent);
    return agent;
  };
  return {
    async fetch(url, { tls, proxy, insecureSkipVerify, ...init } = {}) {
      // Loaded with the first call: a service that calls nobody keeps several megabytes.
      const { createAgent, fetchWithin } = await import("./fetch.ts");
      const trust = insecureSkipVerify === undefined ? tls : { ...tls, insecureSkipVerify };
      const dispatcher = agentFor(
        { ...(trust === undefined ? {} : { tls: trust }), ...(proxy === undefined ? {} : { proxy }) },
        createAgent,
      );
      return fetchWithin(url, {
        ...init,
        dispatcher,
        userAgent,
        check: ({ hostname }) => assertAllowed(hostname, policy),
      });
    },
    grpcTransport: (baseUrl, options = {}) => grpcTransport(baseUrl, routeVia(undefined), options),
    connect: (host, port) => openSocket(host, port, routeVia(undefined)),
    async close() {
      const open = [...agents.values()];
      agents.clear();
      await Promise.all(open.map((agent) => agent.destroy()));
    },
  };
}

function grpcTransport(baseUrl: string, route: Route, o: GrpcTransportOptions): Transport {
  const { hostname, port, protocol } = new URL(baseUrl);
  const secure = protocol === "https:";
  const at = o.at ?? { host: hostname, port: Number(port || (secure ? 443 : 80)) };
  return createGrpcTransport({
    baseUrl,
    readMaxBytes: o.maxBytes ?? 64 * 1024 * 1024,
    ...(o.pingIntervalMs === undefined ? {} : { pingIntervalMs: o.pingIntervalMs }),
    ...(o.gzip === true && { sendCompression: compressionGzip }),
    nodeOptions: {
      createConnection: () => {
        const socket = beginSocket(at, route);
        return secure ? connectTls({ ...tlsConnectOptions(hostname, o.tls), socket, ALPNProtocols: ["h2"] }) : socket;
      },
    },
  });
}

/** A stream that can be written to at once; the connection is made meanwhile. */
function beginSocket(at: NonNullable<GrpcTransportOptions["at"]>, route: Route): Duplex {
  if ("path" in at) return connectSocket(at.path);
  assertAllowed(at.host, route.policy);
  if (isDirect(at.host, route)) return beginDirect(at.host, at.port, route);
  return deferredDuplex(openSocket(at.host, at.port, route));
}
