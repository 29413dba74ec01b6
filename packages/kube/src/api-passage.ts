import type { Readable } from "node:stream";
import { request } from "undici";
import { type AccessOptions, resolveClusterAccess } from "./http/cluster-access.ts";
import { createConnection } from "./http/connection.ts";

/** A request as a client sent it, its body still to come. */
export interface PassedRequest {
  method: string;
  /** Path and query, starting with a slash. */
  path: string;
  headers: Record<string, string | string[]>;
  body?: Readable | undefined;
  /** Ends the exchange, also while the answer streams. */
  signal: AbortSignal;
}

export interface PassedAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Readable;
}

/** Passes whole requests on to an API under our name, for programs that cannot authenticate by themselves. */
export interface ApiPassage {
  /** The API's address, without credentials. */
  readonly server: string;
  /** Rejects with KubeError "unauthorized" when there are no credentials to be had, else with the network's error. */
  pass(r: PassedRequest): Promise<PassedAnswer>;
  close(): Promise<void>;
}

/** Connects lazily. Throws ConfigError when the options name no API. */
export function createApiPassage(o: AccessOptions): ApiPassage {
  const connection = createConnection(resolveClusterAccess(o));
  return {
    server: connection.server,
    async pass({ method, path, headers, body, signal }) {
      const { headers: credentials, dispatcher } = await connection.prepare();
      const answer = await request(connection.server + path, {
        method,
        dispatcher,
        signal,
        headers: { ...withoutIdentity(headers), ...credentials },
        ...(body !== undefined && { body }),
      });
      // The body has been sent and cannot be sent again: the client's next attempt gets fresh credentials.
      if (answer.statusCode === 401) connection.forget();
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    },
    close: () => connection.close(),
  };
}

/** Whoever asks, the API is to see only us. */
function withoutIdentity(headers: PassedRequest["headers"]): PassedRequest["headers"] {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(authorization|impersonate-.*)$/i.test(name)),
  );
}
