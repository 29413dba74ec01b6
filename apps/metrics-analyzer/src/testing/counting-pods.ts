import { once } from "node:events";
import { createServer } from "node:http";

/** Traffic of one pod: requests that every scrape adds, by status, and how long each of them takes. */
export interface PodTraffic {
  readonly namespace: string;
  readonly pod: string;
  readonly perScrape: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** A metrics endpoint that stands for several pods. */
export interface CountingPods {
  /** `host:port`, a target for Prometheus. */
  readonly target: string;
  stop(): Promise<void>;
}

const buckets = [0.05, 0.1, 0.5, 1, 2.5, 5];

/** Starts an endpoint whose `http_request_duration_seconds` grows with every scrape, so that rates are exact ratios. */
export async function startCountingPods(pods: readonly PodTraffic[]): Promise<CountingPods> {
  let scrapes = 0;
  const server = createServer((_, response) => {
    scrapes++;
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
    response.end(
      ["# TYPE http_request_duration_seconds histogram", ...pods.flatMap((pod) => linesOf(pod, scrapes)), ""].join(
        "\n",
      ),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    target: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function linesOf({ namespace, pod, perScrape, seconds }: PodTraffic, scrapes: number): string[] {
  return Object.entries(perScrape).flatMap(([status, requests]) => {
    const count = requests * scrapes;
    const labels = `kubernetes_namespace="${namespace}",kubernetes_pod_name="${pod}",status="${status}"`;
    const upTo = (limit: number): number => (seconds <= limit ? count : 0);
    return [
      ...buckets.map((limit) => `http_request_duration_seconds_bucket{${labels},le="${limit}"} ${upTo(limit)}`),
      `http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`,
      `http_request_duration_seconds_sum{${labels}} ${count * seconds}`,
      `http_request_duration_seconds_count{${labels}} ${count}`,
    ];
  });
}
