import type { Metrics } from "@burgee/service-kit";
import { flagdScope } from "./scope.ts";

/** One kind of request. */
export interface RequestRecord {
  /** A path that we serve or its template, never one that a caller made up. */
  readonly route: string;
  readonly method: string;
  readonly scheme: "http" | "https";
}

/** Measures requests of one kind; each costs a few additions. */
export interface HttpRoute {
  /** Measures an answered request. `requestBytes` is given where upstream measures it: for OFREP. */
  record(status: number, seconds: number, bytes: number, requestBytes?: number): void;
}

export interface HttpMetrics {
  /** The same for the same kind of request. */
  route(request: RequestRecord): HttpRoute;
  /** Counts a request as in flight. Returns what to call when the response has ended. */
  begin(request: RequestRecord): (response: { status: number; bytes: number }) => void;
}

const attributes = [
  "service.name",
  "http.route",
  "http.request.method",
  "http.response.status_code",
  "url.scheme",
] as const;

/** Upstream's metrics of HTTP requests. The status is the true one; upstream always writes 200. */
export function createHttpMetrics({ instruments }: Metrics): HttpMetrics {
  const duration = instruments.histogram({
    name: "http.server.request.duration",
    unit: "s",
    help: "Measures the duration of inbound HTTP requests.",
    attributes,
    scope: flagdScope,
    bounds: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const size = instruments.histogram({
    name: "http.server.response.body.size",
    unit: "By",
    help: "Measures the size of HTTP request messages (compressed).",
    attributes,
    scope: flagdScope,
    bounds: [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9],
  });
  const active = instruments.upDownCounter({
    name: "http.server.active_requests",
    unit: "{request}",
    help: "Measures the number of concurrent HTTP requests that are currently in-flight.",
    attributes,
    scope: flagdScope,
  });
  const requestSize = instruments.histogram({
    name: "http.server.request.body.size",
    unit: "By",
    help: "Measures the size of HTTP request messages.",
    attributes: ["http.request.method", "http.response.status_code", "url.scheme"],
    scope: { name: "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp" },
    bounds: [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000],
  });

  const createRoute = ({ route, method, scheme }: RequestRecord) => {
    const shared = {
      "service.name": "flagd",
      "http.route": route,
      "http.request.method": method,
      "url.scheme": scheme,
    };
    const measuresOf = (status: number) => {
      const all = { ...shared, "http.response.status_code": String(status) };
      const { "service.name": _, "http.route": __, ...unrouted } = all;
      return { duration: duration.with(all), size: size.with(all), requestSize: () => requestSize.with(unrouted) };
    };
    // A request in flight has no status yet; the label is there because upstream has it.
    const inFlight = active.with({ ...shared, "http.response.status_code": "200" });
    const byStatus = new Map<number, ReturnType<typeof measuresOf>>();
    return {
      inFlight,
      record(status: number, seconds: number, bytes: number, requestBytes?: number): void {
        const known = byStatus.get(status);
        const measures = known ?? measuresOf(status);
        if (known === undefined) byStatus.set(status, measures);
        measures.duration.record(seconds);
        measures.size.record(bytes);
        if (requestBytes !== undefined) measures.requestSize().record(requestBytes);
      },
    };
  };

  const routes = new Map<string, ReturnType<typeof createRoute>>();
  const find = (request: RequestRecord) => {
    const key = `${request.scheme} ${request.method} ${request.route}`;
    const known = routes.get(key);
    const route = known ?? createRoute(request);
    if (known === undefined) routes.set(key, route);
    return route;
  };
  return {
    route: find,
    begin(request) {
      const route = find(request);
      const startedAt = performance.now();
      route.inFlight.value += 1;
      return ({ status, bytes }) => {
        route.inFlight.value -= 1;
        route.record(status, (performance.now() - startedAt) / 1_000, bytes);
      };
    },
  };
}
