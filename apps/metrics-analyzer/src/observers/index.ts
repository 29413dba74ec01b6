import { apisix } from "./apisix.ts";
import { appmesh } from "./appmesh.ts";
import { contour } from "./contour.ts";
import { gloo } from "./gloo.ts";
import { http } from "./http.ts";
import { istio } from "./istio.ts";
import { knative } from "./knative.ts";
import { kuma } from "./kuma.ts";
import { linkerd } from "./linkerd.ts";
import { nginx } from "./nginx.ts";
import type { Observer } from "./observer.ts";
import { osm } from "./osm.ts";
import { skipper } from "./skipper.ts";
import { traefik } from "./traefik.ts";

/** Observers by the mesh provider as it is written in a Canary. */
export const observers = {
  apisix,
  contour,
  istio,
  knative,
  kubernetes: http,
  kuma,
  linkerd,
  nginx,
  osm,
  skipper,
  traefik,
} satisfies Record<string, Observer>;

/** Observers of providers that carry a version, such as `gatewayapi:v1`. */
const observersByPrefix: readonly [string, Observer][] = [
  ["appmesh", appmesh],
  ["gloo", gloo],
  ["gatewayapi", http],
];

/**
 * The observer of a mesh provider. A `:service` suffix (targets of kind Service) does not change it. Anything that is not
 * listed is watched through Istio's metrics, as in Flagger: `smi:*`, `crossover`, and providers unknown to it.
 */
export function observerFor(meshProvider: string): Observer {
  const provider = meshProvider.replace(/:service$/, "");
  const byPrefix = observersByPrefix.find(([prefix]) => provider.startsWith(prefix));
  if (byPrefix !== undefined) return byPrefix[1];
  const exact: Record<string, Observer | undefined> = observers;
  return (Object.hasOwn(observers, provider) ? exact[provider] : undefined) ?? istio;
}

// Pods of a Deployment have two parts after its name (replica set and pod), those of a DaemonSet one. With upstream's
// pattern a DaemonSet's canary would be measured by the pods of its primary, `app-primary-x7k2p`.
const deploymentPods = "{{ target }}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)";
const daemonSetPods = "{{ target }}-[0-9a-zA-Z]+";

/** The observer with its selectors fitted to the kind of the target. */
export function observerForTarget(meshProvider: string, targetKind: string): Observer {
  const observer = observerFor(meshProvider);
  if (observer.podsByName === undefined || targetKind !== "DaemonSet") return observer;
  const adapt = (query: string): string => query.replaceAll(deploymentPods, daemonSetPods);
  return {
    ...observer,
    succeeded: adapt(observer.succeeded),
    total: adapt(observer.total),
    duration: adapt(observer.duration),
  };
}
