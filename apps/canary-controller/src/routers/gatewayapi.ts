// provider: gatewayapi:v1 and gatewayapi:v1beta1 – one HTTPRoute named like the apex Service.
import { apiVersionOf, type HTTPRoute, type Resource, resource } from "@burgee/kube";
import { apexName, serviceName } from "../services.ts";
import { sameMeaning } from "../workloads/canonical-json.ts";
import { newRoute, type RouteVersion, routeMetadata, routeSpec } from "./gatewayapi/http-route.ts";
import { notAccepted, sameRouteSpec, splitOf } from "./gatewayapi/read-route.ts";
import { nextCookies } from "./cookies.ts";
import { type ObservedRoutes, type RouteContext, type Router, RouterError, type Split } from "./router.ts";

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
    check: ({ spec }) =>
      (spec.service?.gatewayRefs ?? []).length > 0
        ? []
        : [
            {
              path: "spec.service.gatewayRefs",
              value: spec.service?.gatewayRefs,
              expected: "at least one Gateway that the HTTPRoute is attached to",
            },
          ],

    async observe(context) {
      const live = await context.client.tryGet(httpRoutes, refOf(context));
      if (live === undefined) return { seen: { ...unrouted, state: "missing" }, objects: undefined };
      return { seen: seenOf(live, context, version), objects: { route: live } };
    },

    async reconcile(context, observed) {
      const live = routeOf(observed);
      if (live === undefined) {
        await context.client.create(httpRoutes, newRoute(context, allToPrimary, version));
        return;
      }
      const split = liveSplit(live, context);
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

const unrouted = { primary: 0, canary: 0, mirrored: false, drifted: false } as const;

function seenOf(live: HTTPRoute, context: RouteContext, version: RouteVersion): ObservedRoutes["seen"] {
  const { primary, canary, mirror, mirrorWeight } = liveSplit(live, context);
  const drifted =
    !sameRouteSpec(live.spec, routeSpec(context, { primary, canary, mirror, mirrorWeight }, version)) ||
    metadataDiffers(live, context);
  const message = version.full ? notAccepted(live) : undefined;
  return {
    state: message === undefined ? "ok" : "error",
    primary,
    canary,
    mirrored: mirror,
    drifted,
    ...(mirrorWeight === undefined ? {} : { mirrorWeight }),
    ...(message === undefined ? {} : { message }),
  };
}

function liveSplit(live: HTTPRoute, { canary }: RouteContext): Split {
  return splitOf(live, { primary: serviceName(canary, "primary"), canary: serviceName(canary, "canary") });
}

/** Annotations of others stay, their labels do not, as upstream has it. */
function withSpec(
  live: HTTPRoute,
  context: RouteContext,
  o: { spec: HTTPRoute["spec"]; httpRoutes: Resource<HTTPRoute> },
): HTTPRoute {
  const { labels, annotations } = routeMetadata(context);
  return {
    ...live,
    apiVersion: apiVersionOf(o.httpRoutes),
    kind: "HTTPRoute",
    metadata: { ...live.metadata, labels, annotations: { ...live.metadata.annotations, ...annotations } },
    spec: o.spec,
  };
}

function metadataDiffers(live: HTTPRoute, context: RouteContext): boolean {
  const { labels, annotations } = routeMetadata(context);
  const current = live.metadata.annotations ?? {};
  return (
    !sameMeaning(labels, live.metadata.labels) ||
    Object.entries(annotations).some(([key, value]) => current[key] !== value)
  );
}

function isSame(live: HTTPRoute, wanted: HTTPRoute): boolean {
  const { labels, annotations } = live.metadata;
  return (
    sameRouteSpec(live.spec, wanted.spec) &&
    sameMeaning({ labels, annotations }, { labels: wanted.metadata.labels, annotations: wanted.metadata.annotations })
  );
}

function refOf({ canary }: RouteContext): { namespace: string; name: string } {
  return { namespace: canary.metadata.namespace, name: apexName(canary) };
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
