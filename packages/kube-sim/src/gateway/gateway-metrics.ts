import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that the gateway has dealt with. */
export interface HandledRequest {
  /** `namespace/name` of the HTTPRoute; empty when none fits. */
  readonly route: string;
  /** `namespace/name:port` of the Service; empty when none was asked. */
  readonly backend: string;
  /** Status of the answer; 499 when the client left before it was whole. */
  readonly code: number;
  readonly seconds: number;
}

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const requests = "kube_sim_gateway_requests_total";
const duration = "kube_sim_gateway_request_duration_seconds";
const mirrored = "kube_sim_gateway_mirrored_requests_total";

interface Series {
  count: number;
  sum: number;
  buckets: number[];
}

/** What the gateway itself counts, whatever the backends say of themselves. */
export class GatewayMetrics {
  readonly #requests = new Map<string, number>();
  readonly #durations = new Map<string, Series>();
  readonly #mirrored = new Map<string, number>();

  observe(gateway: string, { route, backend, code, seconds }: HandledRequest): void {
    const labels = labelText({ gateway, route, backend });
    add(this.#requests, `${labels},code="${code}"`);
    const series = this.#durations.get(labels) ?? { count: 0, sum: 0, buckets: bounds.map(() => 0) };
    this.#durations.set(labels, series);
    series.count++;
    series.sum += seconds;
    bounds.forEach((bound, index) => {
      if (seconds <= bound) series.buckets[index] = (series.buckets[index] ?? 0) + 1;
    });
  }

  mirror(gateway: string, o: { route: string; backend: string }): void {
    add(this.#mirrored, labelText({ gateway, ...o }));
  }

  /** The page in Prometheus' text format. */
  page(): string {
    return [
      ...counter(requests, "Requests by route, backend and status of the answer.", this.#requests),
      ...counter(mirrored, "Copies of requests sent to mirrors.", this.#mirrored),
      `# HELP ${duration} Time from the head of a request to the end of its answer.`,
      `# TYPE ${duration} histogram`,
      ...[...this.#durations].flatMap(([labels, { count, sum, buckets }]) => [
        ...bounds.map((bound, index) => `${duration}_bucket{${labels},le="${bound}"} ${buckets[index]}`),
        `${duration}_bucket{${labels},le="+Inf"} ${count}`,
        `${duration}_sum{${labels}} ${sum}`,
        `${duration}_count{${labels}} ${count}`,
      ]),
      "",
    ].join("\n");
  }
}

function add(counts: Map<string, number>, labels: string): void {
  counts.set(labels, (counts.get(labels) ?? 0) + 1);
}

function counter(name: string, help: string, counts: ReadonlyMap<string, number>): string[] {
  const samples = [...counts].map(([labels, count]) => `${name}{${labels}} ${count}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...samples];
}

/** Names of Kubernetes need no escaping. */
function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");
}

/** Serves the page on a free port of 127.0.0.1. */
export async function serveMetrics(
  metrics: GatewayMetrics,
): Promise<{ url: string; host: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") return response.writeHead(404).end();
    return response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(metrics.page());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
  const address: AddressInfo | string | null = server.address();
  const host = `127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
  return {
    url: `http://${host}/metrics`,
    host,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
