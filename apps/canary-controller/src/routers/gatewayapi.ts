// provider: gatewayapi:v1 and gatewayapi:v1beta1 – one HTTPRoute named like the apex Service.
import type { Canary } from "@burgee/contracts/crd";
import { apiVersionOf, type HTTPRoute, type Resource, resource } from "@burgee/kube";
import { apexName, serviceName } from "../services.ts";
import { sameMeaning } from "../workloads/canonical-json.ts";
import { newRoute, type RouteVersion, routeSpec } from "./gatewayapi/http-route.ts";
import { matchProblems } from "./gatewayapi/matches.ts";
import { notAccepted, sameRouteSpec, splitOf } from "./gatewayapi/read-route.ts";
import { nextCookies } from "./http/cookies.ts";
import { apexMetadata, apexRef, isOwn, type Metadata } from "./http/route-metadata.ts";
import {
  type ObservedRoutes,
  type RouteContext,
  type RouteProblem,
  type Router,
  RouterError,
  type Split,
} from "./router.ts";

const allToPrimary: Split = { primary: 100, canary: 0, mirror: false };

/** The router of one API version. */
function createGatewayApiRouter(version: RouteVersion): Router {
  const httpRoutes: Resource<HTTPRoute> = resource(
    "gateway.networking.k8s.io",
    version.version,
    "httproutes",
    "HTTPRoute",
  );
  return {
    routed: true,
    check: (canary) => [...parentProblems(canary), ...matchProblems(canary)],

    async observe(context) {
      const live = await context.client.tryGet(httpRoutes, apexRef(context));
      if (live === undefined) return { seen: { ...unrouted, state: "missing" }, objects: undefined };
      return { seen: seenOf(live, context, version), objects: { route: live } };
    },

    async reconcile(context, observed) {
      const live = routeOf(observed);
      if (live === undefined) {
        await context.client.create(httpRoutes, newRoute(context, allToPrimary, version));
        return;
      }
      const split = splitToKeep(live, context);
      const wanted = withSpec(live, context, { spec: routeSpec(context, split, version), httpRoutes });
      if (!isSame(live, wanted)) await context.client.replace(httpRoutes, wanted);
    },

    async setRoutes(context, observed, split) {
      const live = routeOf(observed);
      if (live === undefined) {
        throw new RouterError(
          "not_found",
          `HTTPRoute ${apexName(context.canary)} is missing; it is made again at the next pass`,
        );
      }
      const cookies = nextCookies(context.canary, context.cookies, split);
      const spec = routeSpec({ ...context, cookies }, split, version);
      const wanted = withSpec(live, context, { spec, httpRoutes });
      if (!isSame(live, wanted)) await context.client.replace(httpRoutes, wanted);
    },

    // The owner reference lets the garbage collector remove the route.
    finalize: async () => undefined,
  };
}

/** HTTPRoute of the version that is generally available. */
export const gatewayapiV1 = createGatewayApiRouter({ version: "v1", full: true });
/** HTTPRoute of the older version, without timeouts, CORS and the primary's cookie. */
export const gatewayapiV1beta1 = createGatewayApiRouter({ version: "v1beta1", full: false });

function parentProblems({ spec }: Canary): RouteProblem[] {
  const value = spec.service?.gatewayRefs;
  if (value !== undefined && value.length > 0) return [];
  const expected = "at least one Gateway that the HTTPRoute is attached to";
  return [{ path: "spec.service.gatewayRefs", value, expected }];
}

const unrouted = { primary: 0, canary: 0, mirrored: false, drifted: false } as const;

function seenOf(live: HTTPRoute, context: RouteContext, version: RouteVersion): ObservedRoutes["seen"] {
  const { primary, canary, mirror, mirrorWeight } = liveSplit(live, context);
  const drifted =
    !sameRouteSpec(live.spec, routeSpec(context, { primary, canary, mirror, mirrorWeight }, version)) ||
    !sameMetadata(live.metadata, metadataFor(context, live));
  const refused = version.full ? notAccepted(live) : undefined;
  return {
    state: refused === undefined ? "ok" : "error",
    primary,
    canary,
    mirrored: mirror,
    drifted,
    ...(mirrorWeight === undefined ? {} : { mirrorWeight }),
    ...refused,
  };
}

function liveSplit(live: HTTPRoute, { canary }: RouteContext): Split {
  return splitOf(live, { primary: serviceName(canary, "primary"), canary: serviceName(canary, "canary") });
}

/** A route that names neither side, such as one that a user made, sends to the primary from now on. */
function splitToKeep(live: HTTPRoute, context: RouteContext): Split {
  const split = liveSplit(live, context);
  return split.primary === 0 && split.canary === 0 ? allToPrimary : split;
}

/** Annotations of others stay; their labels do on a route that a user made. */
function metadataFor(context: RouteContext, { metadata }: HTTPRoute): Metadata {
  const { labels, annotations } = apexMetadata(context);
  return {
    labels: isOwn(metadata, context.canary) ? labels : { ...metadata.labels, ...labels },
    annotations: { ...metadata.annotations, ...annotations },
  };
}

function withSpec(
  live: HTTPRoute,
  context: RouteContext,
  o: { spec: HTTPRoute["spec"]; httpRoutes: Resource<HTTPRoute> },
): HTTPRoute {
  const { hostnames: _, ...others } = live.spec;
  return {
    ...live,
    apiVersion: apiVersionOf(o.httpRoutes),
    kind: "HTTPRoute",
    metadata: { ...live.metadata, ...metadataFor(context, live) },
    spec: { ...others, ...o.spec },
  };
}

function sameMetadata({ labels, annotations }: HTTPRoute["metadata"], wanted: Metadata): boolean {
  return sameMeaning({ labels, annotations }, wanted);
}

function isSame(live: HTTPRoute, wanted: HTTPRoute): boolean {
  const { labels = {}, annotations = {} } = wanted.metadata;
  return sameRouteSpec(live.spec, wanted.spec) && sameMetadata(live.metadata, { labels, annotations });
}

function routeOf({ objects }: ObservedRoutes): HTTPRoute | undefined {
  if (objects === undefined) return undefined;
  if (typeof objects === "object" && objects !== null && "route" in objects && isRoute(objects.route))
    return objects.route;
  throw new RouterError("bad_observation", "routes were observed by another router; observe again");
}

function isRoute(value: unknown): value is HTTPRoute {
  return typeof value === "object" && value !== null && "metadata" in value && "spec" in value;
}
