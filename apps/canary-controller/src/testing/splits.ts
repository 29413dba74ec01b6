// What the routes of a Canary said, one split after the other.
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, type KubeClient, resources } from "@burgee/kube";
import type { Logger } from "@burgee/service-kit";
import { splitOf as splitOfRoute } from "../routers/gatewayapi/read-route.ts";
import { virtualServices } from "../routers/istio/objects.ts";
import { splitOf as splitOfVirtualService } from "../routers/istio/virtual-service.ts";
import type { Split } from "../routers/router.ts";
import { serviceName } from "../services.ts";

/** Grows as routes change, until the signal. Mirrored traffic is told behind the split: `100:0 and a copy of 10 %`. */
export async function followSplits(
  client: KubeClient,
  o: { canary: Canary; log: Logger; signal: AbortSignal },
): Promise<string[]> {
  const { canary, log, signal } = o;
  const { namespace = "default" } = canary.metadata;
  const splits: string[] = [];
  const record = (split: Split | undefined) => {
    if (split === undefined) return;
    const copy = split.mirror ? ` and a copy of ${split.mirrorWeight ?? 100} %` : "";
    const text = `${split.primary}:${split.canary}${copy}`;
    if (splits.at(-1) !== text) splits.push(text);
  };
  const names = { primary: serviceName(canary, "primary"), canary: serviceName(canary, "canary") };
  const routes = createInformer(client, resources.httpRoutes, { log, namespace });
  routes.on(({ object, type }) => {
    if (type !== "deleted") record(splitOfRoute(object, names));
  });
  const services = createInformer(client, virtualServices, { log, namespace });
  services.on(({ object, type }) => {
    if (type !== "deleted") record(splitOfVirtualService(object, canary));
  });
  for (const informer of [routes, services]) {
    informer.start(signal);
    await informer.synced;
  }
  return splits;
}
