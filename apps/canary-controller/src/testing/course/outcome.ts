// What is left of a course, in a form in which two of them can be compared: without times, identities and versions.
import { fromBinary } from "@bufbuild/protobuf";
import { AlertRaisedSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import { type EventBus, streams } from "@burgee/event-bus";
import { type KubeClient, type KubeObject, type Resource, resources } from "@burgee/kube";
import { canaries } from "../../canary-resource.ts";
import { destinationRules, virtualServices } from "../../routers/istio/objects.ts";
import { name, targets } from "./manifests.ts";

export interface Outcome {
  status: object;
  /** By `kind/name`. */
  objects: Record<string, object>;
  /** Texts of the timeline in order. */
  timeline: string[];
  alerts: string[];
  /** Hooks by idempotency key, each once however often it was called. */
  hooks: string[];
  /** Notices that the status counted and nobody was told, and those that were told with two texts. */
  lost: string[];
}

/** How long pods take to become ready is chance, and so is whether anybody had to wait for them. */
const chance = /not ready|waiting for rollout/;
const kinds: readonly Resource[] = [
  ...Object.values(targets),
  resources.services,
  resources.configMaps,
  resources.horizontalPodAutoscalers,
  resources.httpRoutes,
  virtualServices,
  destinationRules,
];

/** Reads what the course led to. */
export async function outcomeOf(o: {
  client: KubeClient;
  bus: EventBus;
  namespace: string;
  hookCalls: readonly string[];
}): Promise<Outcome> {
  const { client, bus, namespace } = o;
  // A Canary that was deleted is an outcome, too.
  const canary = await client.tryGet(canaries, { namespace, name });
  const anonymous = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value).replaceAll(uid, "UID").replaceAll(namespace, "NS"));
  const events = (await bus.read(streams.rolloutEvents, { count: 1000 })).reverse();
  const told = events.map((entry) => ({ id: entry.id, text: fromBinary(RolloutEventSchema, entry.payload).message }));
  const alerts = (await bus.read(streams.alerts, { count: 1000 })).reverse();
  const uid = told[0]?.id.slice(0, told[0].id.indexOf("/")) ?? "none";
  const objects: Record<string, object> = {};
  for (const kind of kinds) {
    const { items } = await client.list(kind, { namespace });
    for (const object of items) objects[`${kind.plural}/${object.metadata.name}`] = lasting(object);
  }
  const numbers = new Set(told.map(({ id }) => Number(id.slice(id.lastIndexOf("/n") + 2))));
  const counted = Array.from({ length: canary?.status?.noticeCount ?? Math.max(0, ...numbers) }, (_, i) => i + 1);
  return anonymous({
    status: settled(canary?.status ?? {}),
    objects,
    timeline: told.map(({ text }) => text).filter((text) => !chance.test(text)),
    alerts: alerts.map((entry) => fromBinary(AlertRaisedSchema, entry.payload).message),
    hooks: [...new Set(o.hookCalls)].sort(),
    lost: [
      ...counted.filter((n) => !numbers.has(n)).map((n) => `notice ${n} was told to nobody`),
      ...told
        .filter(({ id }, i) => told.findIndex((other) => other.id === id) !== i)
        .map(({ id }) => `${id} came twice`),
    ],
  });
}

/** The status without what says when. */
function settled(status: object): object {
  const times = new Set([
    "lastTransitionTime",
    "lastUpdateTime",
    "at",
    "startedAt",
    "finishedAt",
    "since",
    "noticeCount",
  ]);
  return JSON.parse(JSON.stringify(status, (key, value: unknown) => (times.has(key) ? undefined : value)));
}

function lasting(object: KubeObject): object {
  const { labels, annotations, ownerReferences } = object.metadata;
  const content = Object.fromEntries(
    Object.entries(object).filter(([key]) => !["apiVersion", "kind", "metadata", "status"].includes(key)),
  );
  const owners = ownerReferences?.map(({ uid: _uid, ...owner }) => owner);
  const chosen = new Set(["clusterIP", "clusterIPs", "flagger-id", "nodePort"]);
  return JSON.parse(
    JSON.stringify({ labels, annotations, owners, ...content }, (key, value: unknown) =>
      chosen.has(key) ? undefined : value,
    ),
  );
}
