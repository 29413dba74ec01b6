import { type JsonObject, objectAt, objectsAt, stringAt } from "../src/api/json.ts";
import { made } from "./objects.ts";
import { type Place, until } from "./place.ts";

const image = "node:22-alpine";

/** The command that runs JavaScript. Where pods are processes it stands in an annotation, which others ignore. */
function commandOf(script: string): string[] {
  return ["node", "-e", script];
}

/** What a pod is, besides the script of its first container. */
export interface PodParts {
  /** More of the first container. */
  container?: JsonObject;
  /** More of the pod's spec. */
  spec?: JsonObject;
  /** Scripts of init containers, in order; a sidecar is one that goes on. */
  init?: readonly { name: string; script: string; sidecar?: boolean }[];
  labels?: Record<string, string>;
}

/** The template of pods that run a script: in an image of Node.js, or as a process of the machine. */
export function scripted(script: string, { container, spec, init = [], labels }: PodParts = {}): JsonObject {
  const prefix = "sim.burgee.dev/command";
  const commands = init.map((one) => [`${prefix}.${one.name}`, JSON.stringify(commandOf(one.script))]);
  const annotations = { [prefix]: JSON.stringify(commandOf(script)), ...Object.fromEntries(commands) };
  const initContainers = init.map(({ name, script: own, sidecar }) => ({
    ...{ name, image, command: commandOf(own) },
    ...(sidecar && { restartPolicy: "Always" }),
  }));
  return {
    metadata: { annotations, ...(labels && { labels }) },
    spec: {
      ...(initContainers.length > 0 && { initContainers }),
      containers: [{ name: "app", image, command: commandOf(script), ...container }],
      terminationGracePeriodSeconds: 5,
      ...spec,
    },
  };
}

/** The port that a script listens on: the one it is told, or 8080. */
export const port = "Number(process.env.PORT) || 8080";

/** A script that serves: 200 where `isReady` is true, 503 elsewhere. */
export const serving = (isReady: string) =>
  `require("http").createServer((q, a) => { a.statusCode = (${isReady}) ? 200 : 503; a.end() }).listen(${port});`;

/** A container with this port and these probes of it. */
export const probed = (probes: Record<string, JsonObject>): JsonObject => ({
  ports: [{ containerPort: 8080 }],
  ...Object.fromEntries(
    Object.entries(probes).map(([name, probe]) => [
      name,
      { httpGet: { path: "/", port: 8080 }, periodSeconds: 1, ...probe },
    ]),
  ),
});

/** Makes a pod and returns its name. */
export async function start(place: Place, template: JsonObject): Promise<string> {
  const name = place.name();
  const metadata = { ...objectAt(template, "metadata"), name };
  await made(place.in("pods").create({ apiVersion: "v1", kind: "Pod", ...template, metadata }));
  return name;
}

/** Where images have to be fetched first, pods take their time. */
const patienceMs = 120_000;

/** The pod once it is as wanted. Rejects when it does not come to that. */
export async function podWhen(place: Place, name: string, isWanted: (pod: unknown) => boolean): Promise<unknown> {
  let seen: unknown;
  await until(async () => {
    seen = (await place.in("pods").get(name)).body;
    return isWanted(seen);
  }, patienceMs);
  return seen;
}

/** Whether a condition of an object is true. */
export function isTrue(object: unknown, type: string): boolean {
  return objectsAt(object, "status", "conditions").some((one) => one.type === type && one.status === "True");
}

export const isReady = (pod: unknown): boolean => isTrue(pod, "Ready");
export const hasPhase = (phase: string) => (pod: unknown) => stringAt(pod, "status", "phase") === phase;

/** The status of a container of a pod. */
export function statusOf(pod: unknown, container = "app"): JsonObject {
  const all = ["containerStatuses", "initContainerStatuses"].flatMap((list) => objectsAt(pod, "status", list));
  return all.find(({ name }) => name === container) ?? {};
}

/** How often a container of a pod was started again. */
export const restartsOf = (pod: unknown, container = "app"): number =>
  Number(statusOf(pod, container).restartCount ?? 0);

/** What a pod has logged. */
export async function logOf(place: Place, name: string, query: Record<string, string> = {}): Promise<string> {
  const { status, body } = await place.in("pods").get(`${name}/log`, query);
  return status === 200 ? String(body) : "";
}

/** Waits until the log of a pod has a line. */
export async function logged(
  place: Place,
  name: string,
  line: string,
  query: Record<string, string> = {},
): Promise<void> {
  await until(async () => (await logOf(place, name, query)).includes(line), patienceMs);
}

/** Ends a pod at once. */
export async function end(place: Place, name: string): Promise<void> {
  await made(place.in("pods").remove(name, { gracePeriodSeconds: 0 }));
}
