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
  begin(): void;
  end(status: number, seconds: number, bytes: number): void;
}

export interface HttpMetrics {
  /** The same for the same kind of request. */
  route(request: RequestRecord): HttpRoute;
  /** Returns what to call when the response has ended. */
  begin(request: RequestRecord): (response: { status: number; bytes: number }) => void;
}

const requestAttributes = ["service.name", "http.route", "http.request.method", "url.scheme"] as const;
const attributes = [...requestAttributes, "http.response.status_code"] as const;

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
    attributes: requestAttributes,
    scope: flagdScope,
  });

  const createRoute = ({ route, method, scheme }: RequestRecord): HttpRoute => {
    const shared = {
      "service.name": "flagd",
      "http.route": route,
      "http.request.method": method,
      "url.scheme": scheme,
    };
    const measuresOf = (status: number) => {
      const all = { ...shared, "http.response.status_code": String(status) };
      return { duration: duration.with(all), size: size.with(all) };
    };
    const inFlight = active.with(shared);
    const byStatus = new Map<number, ReturnType<typeof measuresOf>>();
    return {
      begin() {
        inFlight.value += 1;
      },
      end(status, seconds, bytes) {
        inFlight.value -= 1;
        const known = byStatus.get(status);
        const measures = known ?? measuresOf(status);
        if (known === undefined) byStatus.set(status, measures);
        measures.duration.record(seconds);
        measures.size.record(bytes);
      },
    };
  };

  const routes = new Map<string, HttpRoute>();
  const find = (request: RequestRecord): HttpRoute => {
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
      route.begin();
      return ({ status, bytes }) => route.end(status, (performance.now() - startedAt) / 1_000, bytes);
    },
  };
}
