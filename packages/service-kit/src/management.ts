import type { IncomingHttpHeaders } from "node:http";

export interface ManagementRequest {
  readonly url: URL;
  readonly body: Uint8Array;
  readonly headers: IncomingHttpHeaders;
}

export interface ManagementResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** The management port's extra routes, beside /healthz, /readyz and /metrics. */
export interface Management {
  route(method: string, path: string, handler: (request: ManagementRequest) => Promise<ManagementResponse>): void;
}
