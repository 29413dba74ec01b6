// What is left of a course, in a form in which two of them can be compared: without times, identities and versions.
import { fromBinary } from "@bufbuild/protobuf";
import { AlertRaisedSchema } from "@burgee/contracts/gen/burgee/alert/v1/alert_pb";
import { RolloutEventSchema } from "@burgee/contracts/gen/burgee/rollout/v1/rollout_pb";
import { type EventBus, streams } from "@burgee/event-bus";
import { type KubeClient, type KubeObject, type Resource, resources } from "@burgee/kube";
import { canaries } from "../../canary-resource.ts";
import { destinationRules, virtualServices } from "../../routers/istio/objects.ts";
import { flagOverrides } from "../../flags/flag-resources.ts";
import { targetResources } from "../targets.ts";
import { autoscalers, name } from "./scene.ts";

export interface Outcome {
  status: object;
  /** By `plural/name`, with the API group of those that have one. */
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
  ...Object.values(targetResources),
  ...Object.values(autoscalers),
  resources.configMaps,
  resources.httpRoutes,
  virtualServices,
  destinationRules,
  flagOverrides,
];

/** Everything in the namespace that a rollout may be about, by its id. */
export async function objectsIn(client: KubeClient, namespace: string): Promise<Map<string, KubeObject>> {
  const lists = await Promise.all(kinds.map(async (kind) => ({ kind, ...(await client.list(kind, { namespace })) })));
  return new Map(
    lists.flatMap(({ kind: { plural, group }, items }) =>
      items.map((object) => [`${group === "" ? plural : `${plural}.${group}`}/${object.metadata.name}`, object]),
    ),
  );
}

/** Reads what the course led to. */
export async function outcomeOf(o: {
  client: KubeClient;
  bus: EventBus;
  namespace: string;
  hookCalls: readonly string[];
  /** How often closed gates were asked, and what was checked meanwhile, is chance. */
  waited: boolean;
}): Promise<Outcome> {
  const { client, bus, namespace } = o;
  // A Canary that was deleted is an outcome, too.
  const canary = await client.tryGet(canaries, { namespace, name });
  const anonymous = <T>(value: T): T => {
    const text = JSON.stringify(value).replaceAll(uid, "UID").replaceAll(namespace, "NS");
    return JSON.parse(cookies.reduce((so, cookie) => so.replaceAll(cookie, "COOKIE"), text));
  };
  const events = (await bus.read(streams.rolloutEvents, { count: 1000 })).reverse();
  const told = events.map((entry) => ({ id: entry.id, text: fromBinary(RolloutEventSchema, entry.payload).message }));
  const alerts = (await bus.read(streams.alerts, { count: 1000 })).reverse();
  // Their values are made from the UID.
  const { sessionAffinityCookie, previousSessionAffinityCookie } = canary?.status ?? {};
  const cookies = [sessionAffinityCookie, previousSessionAffinityCookie].flatMap(
    (cookie) => cookie?.split("=")[1] ?? [],
  );
  const uid = told[0]?.id.slice(0, told[0].id.indexOf("/")) ?? "none";
  const found = await objectsIn(client, namespace);
  const objects = Object.fromEntries([...found].map(([id, object]) => [id, lasting(object)]));
  const numbers = new Set(told.map(({ id }) => Number(id.slice(id.lastIndexOf("/n") + 2))));
  const counted = Array.from({ length: canary?.status?.noticeCount ?? Math.max(0, ...numbers) }, (_, i) => i + 1);
  return anonymous({
    status: settled(canary?.status ?? {}, o.waited ? [...times, ...counts] : times),
    objects,
    timeline: told.map(({ text }) => text).filter((text) => !chance.test(text)),
    alerts: alerts.map((entry) => fromBinary(AlertRaisedSchema, entry.payload).message),
    hooks: [...new Set(o.hookCalls.map((call) => (o.waited ? call.slice(0, call.lastIndexOf("/")) : call)))].sort(),
    lost: [
      ...counted.filter((n) => !numbers.has(n)).map((n) => `notice ${n} was told to nobody`),
      ...told
        .filter(({ id }, i) => told.findIndex((other) => other.id === id) !== i)
        .map(({ id }) => `${id} came twice`),
    ],
  });
}

const times = ["lastTransitionTime", "lastUpdateTime", "at", "startedAt", "finishedAt", "since", "noticeCount"];
const counts = ["check", "tick", "canaryAnalysis"];

function settled(status: object, without: readonly string[]): object {
  return JSON.parse(JSON.stringify(status, (key, value: unknown) => (without.includes(key) ? undefined : value)));
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
