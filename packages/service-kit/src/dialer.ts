import type net from "node:net";
import type { Transport } from "@connectrpc/connect";
import type { Dispatcher } from "undici";

export const dialErrorCodes = [
  "timeout",
  "too_large",
  "unreachable",
  "refused_by_policy",
  "too_many_redirects",
  "bad_url",
  "aborted",
] as const;
export type DialErrorCode = (typeof dialErrorCodes)[number];

/** Why a call did not get an answer. The message names the redacted URL. An HTTP error status is an answer, not a DialError. */
export class DialError extends Error {
  readonly code: DialErrorCode;

  constructor(code: DialErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "DialError";
    this.code = code;
  }
}

export interface TlsOptions {
  readonly ca?: string | Uint8Array;
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  readonly serverName?: string;
  readonly insecureSkipVerify?: boolean;
}

export interface DialInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** For the whole call, redirects and body included. Default 10 000. */
  readonly timeoutMs?: number;
  /** Largest answer accepted, after decompression. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Default 5. Credentials in headers are dropped when a redirect leaves the origin. 0 returns the redirect itself. */
  readonly maxRedirects?: number;
  readonly insecureSkipVerify?: boolean;
  readonly tls?: TlsOptions;
  /** A forward proxy for this call instead of the configured one. */
  readonly proxy?: string;
}

export interface DialedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly ok: boolean;
  text(): string;
  /** Throws SyntaxError when the body is not JSON. */
  json(): unknown;
  bytes(): Uint8Array;
}

/** The one way out of a service: HTTP, gRPC and raw connections share its proxy, limits and egress policy. */
export interface Dialer {
  /** The complete answer, body included. Rejects with {@link DialError}. */
  fetch(url: string | URL, init?: DialInit): Promise<DialedResponse>;
  /** A gRPC transport over h2c (`http:`) or h2 (`https:`). */
  grpcTransport(
    baseUrl: string,
    o?: { readonly tls?: TlsOptions; readonly maxBytes?: number; readonly pingIntervalMs?: number },
  ): Transport;
  /** A connected socket. Loopback directly, everything else through the outgoing proxy when there is one. */
  connect(host: string, port: number): Promise<net.Socket>;
  /** For clients that need to stream with undici themselves (watches): pooled connections that go the same way. */
  dispatcher(o?: { readonly tls?: TlsOptions; readonly proxy?: string }): Dispatcher;
  close(): Promise<void>;
}
