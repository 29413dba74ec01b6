import type { ServeOptions } from "@burgee/service-kit";

/** Go's limit where none is set. */
const goHeaderBytes = 1024 * 1024;

/**
 * Limits of a port for requests that are slow or have large headers: upstream's times; 0 bytes are Go's 1 MiB. Idle connections live
 * longer than upstream's 5 s, and longer than load balancers keep theirs: a request that meets the close of its connection fails.
 */
export function httpLimits(o: {
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
}): Required<Pick<ServeOptions, "http1" | "http2">> {
  const bytes = o.maxHeaderBytes > 0 ? o.maxHeaderBytes : goHeaderBytes;
  return {
    http1: {
      maxHeaderSize: bytes,
      headersTimeout: o.headersTimeoutMs,
      requestTimeout: 5_000,
      keepAliveTimeout: 75_000,
      // Otherwise Node looks for slow clients only twice a minute.
      connectionsCheckingInterval: 1_000,
    },
    http2: { settings: { maxHeaderListSize: Math.min(bytes, 2 ** 32 - 1) } },
  };
}
