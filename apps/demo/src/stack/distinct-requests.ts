import type { KubeSim } from "@burgee/kube-sim";

type RequestRecord = KubeSim["requests"]["log"][number];

/** What a service asked of Kubernetes, without when and how often. */
export interface DistinctRequest {
  /** The user agent without its version: `burgee-canary-controller`. */
  readonly client: string;
  readonly verb: string;
  readonly group: string;
  /** Empty for paths that are no resource, such as /version. */
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
}

/** Each kind of request once, those of Burgee's services only. */
export function distinctRequests(log: readonly RequestRecord[]): DistinctRequest[] {
  const found = new Map<string, DistinctRequest>();
  for (const { userAgent, verb, group, resource, subresource, namespace } of log) {
    const client = userAgent.split(/[/ ]/)[0] ?? "";
    if (!client.startsWith("burgee-")) continue;
    const request = { client, verb, group, resource, subresource, namespace };
    found.set(JSON.stringify(request), request);
  }
  return [...found.values()];
}
