// What the routes of a Canary said, one split after the other.
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, type KubeClient, resources } from "@burgee/kube";
import type { Logger } from "@burgee/service-kit";
import { splitOf as splitOfRoute } from "../routers/gatewayapi/read-route.ts";
import { virtualServices } from "../routers/istio/objects.ts";
import { splitOf as splitOfVirtualService } from "../routers/istio/virtual-service.ts";
import type { Split } from "../routers/router.ts";
import { serviceName } from "../services.ts";

/**
 * Grows as routes change, until the signal. Behind the split comes what else happens: `100:0 and a copy of 10 %`, or in a mesh
 * `90:10, cookie release for 60 s`; -1 s is a cookie that is taken away.
 */
export async function followSplits(
  client: KubeClient,
  o: { canary: Canary; log: Logger; signal: AbortSignal },
): Promise<string[]> {
  const { canary, log, signal } = o;
  const { namespace = "default" } = canary.metadata;
  const splits: string[] = [];
  const record = (split: Split | undefined, spec: object = {}) => {
    if (split === undefined) return;
    const copy = split.mirror ? ` and a copy of ${split.mirrorWeight ?? 100} %` : "";
    const [, cookie, seconds] = /"Set-Cookie":"([^=]+)=[^;]+; Max-Age=(-?\d+)/.exec(JSON.stringify(spec)) ?? [];
    const kept = cookie === undefined ? "" : `, cookie ${cookie} for ${seconds} s`;
    const text = `${split.primary}:${split.canary}${copy}${kept}`;
    if (splits.at(-1) !== text) splits.push(text);
  };
  const names = { primary: serviceName(canary, "primary"), canary: serviceName(canary, "canary") };
  const routes = createInformer(client, resources.httpRoutes, { log, namespace });
  routes.on(({ object, type }) => {
    if (type !== "deleted") record(splitOfRoute(object, names));
  });
  const services = createInformer(client, virtualServices, { log, namespace });
  services.on(({ object, type }) => {
    if (type !== "deleted") record(splitOfVirtualService(object, canary), object.spec);
  });
  for (const informer of [routes, services]) {
    informer.start(signal);
    await informer.synced;
  }
  return splits;
}
