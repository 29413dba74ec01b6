// provider: knative – the shares of a Knative Service's traffic: the latest revision's, and that of the primary's.
import type { KubeObject } from "@burgee/kube";
import { type RouteContext, type Router, RouterError } from "../../routers/router.ts";
import { sameMeaning } from "../canonical-json.ts";
import { releaseAnnotation } from "../pods/primary-copy.ts";
import { type KnativeService, knativeServices, primaryRevisionAnnotation, trafficOf } from "./objects.ts";

/** What one pass saw. */
class Seen {
  readonly service: KnativeService | undefined;
  constructor(service: KnativeService | undefined) {
    this.service = service;
  }
}

/** Works on the target itself; a Canary cannot choose another router for it. */
export const knativeRouter: Router = {
  routed: true,
  check: () => [],
  async observe({ client, canary }) {
    const ref = { namespace: canary.metadata.namespace, name: canary.spec.targetRef.name };
    const service = await client.tryGet(knativeServices, ref);
    const objects = new Seen(service);
    const primaryRevision = service?.metadata.annotations?.[primaryRevisionAnnotation];
    if (service === undefined || primaryRevision === undefined) {
      return { seen: { state: "missing", primary: 0, canary: 0, mirrored: false, drifted: false }, objects };
    }
    const share = canaryShare(service);
    const drifted = !sameMeaning(service.spec.traffic, trafficOf({ primaryRevision, canary: share }));
    return { seen: { state: "ok", primary: 100 - share, canary: share, mirrored: false, drifted }, objects };
  },

  async reconcile(context, observed) {
    const service = serviceOf(context, observed.objects);
    const latest = service.status?.latestCreatedRevisionName;
    const primaryRevision = service.metadata.annotations?.[primaryRevisionAnnotation] ?? latest;
    if (primaryRevision === undefined) throw missing(context, "has no revision yet");
    const isNew = service.metadata.annotations?.[primaryRevisionAnnotation] === undefined;
    const traffic = trafficOf({ primaryRevision, canary: isNew ? 0 : canaryShare(service) });
    if (!isNew && sameMeaning(traffic, service.spec.traffic)) return;
    const annotations = { [primaryRevisionAnnotation]: primaryRevision };
    await patch(context, service, { metadata: { annotations }, spec: { traffic } });
  },

  async setRoutes(context, observed, split) {
    const service = serviceOf(context, observed.objects);
    const primaryRevision = service.metadata.annotations?.[primaryRevisionAnnotation];
    if (primaryRevision === undefined) throw missing(context, "primary revision annotation not found");
    const traffic = trafficOf({ primaryRevision, canary: split.canary });
    if (!sameMeaning(traffic, service.spec.traffic)) await patch(context, service, { spec: { traffic } });
  },

  /** Traffic stays as it is: the primary's revision serves on. */
  async finalize(context, observed) {
    const service = observed.objects instanceof Seen ? observed.objects.service : undefined;
    if (service?.metadata.annotations?.[primaryRevisionAnnotation] === undefined) return;
    const annotations = { [primaryRevisionAnnotation]: null, [releaseAnnotation]: null };
    await patch(context, service, { metadata: { annotations } });
  },
};

/** Percent that the latest revision is given. */
function canaryShare({ spec }: KnativeService): number {
  const latest = spec.traffic?.filter(({ latestRevision }) => latestRevision === true) ?? [];
  return latest.reduce((sum, { percent = 0 }) => sum + percent, 0);
}

function serviceOf(context: RouteContext, objects: unknown): KnativeService {
  const service = objects instanceof Seen ? objects.service : undefined;
  if (service === undefined) throw missing(context, "not found");
  return service;
}

function missing({ canary }: RouteContext, what: string): RouterError {
  const { namespace } = canary.metadata;
  return new RouterError("not_found", `Knative Service ${canary.spec.targetRef.name}.${namespace} ${what}`);
}

async function patch({ client }: RouteContext, { metadata }: KubeObject, body: object): Promise<void> {
  const { name, namespace, resourceVersion } = metadata;
  await client.patch(knativeServices, { name, namespace }, body, { type: "merge", resourceVersion });
}
