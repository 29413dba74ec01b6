import { type JsonObject, stringAt } from "../src/api/json.ts";
import type { Place } from "./place.ts";

/** A ConfigMap. */
export const map = (name: string, data: JsonObject = { a: "1" }): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name },
  data,
});

/** A Deployment that no controller starts anything for: it has no replicas. */
export const deployment = (name: string): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          { name: "app", image: "app:1", ports: [{ containerPort: 80 }], env: [{ name: "A", value: "1" }] },
          { name: "side", image: "side:1" },
        ],
      },
    },
  },
});

/** A pod that no scheduler puts on a node. */
export const pod = (name: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { schedulerName: "nobody", containers: [{ name: "app", image: "app:1" }] },
});

/** A Service with one port. */
export const service = (name: string): JsonObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { selector: { app: name }, ports: [{ port: 80 }] },
});

/** A Widget, the custom kind of the run. */
export const widget = (place: Place, name: string, spec: JsonObject = {}): JsonObject => ({
  apiVersion: `${place.group}/v1`,
  kind: "Widget",
  metadata: { name },
  spec: { size: 1, ...spec },
});

/** Makes a ConfigMap of a fresh name and returns the name. */
export async function madeMap(place: Place, data?: JsonObject): Promise<string> {
  const name = place.name();
  await made(place.maps.create(map(name, data)));
  return name;
}

/** The body of an answer that has to be a creation or another success. */
export async function made(asked: Promise<{ status: number; body: unknown }>): Promise<unknown> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`what a case starts from was refused: ${JSON.stringify(body)}`);
  return body;
}

/** The resourceVersion of an object. */
export const versionOf = (object: unknown): string => stringAt(object, "metadata", "resourceVersion") ?? "";
/** The uid of an object. */
export const uidOf = (object: unknown): string => stringAt(object, "metadata", "uid") ?? "";

/** Three labelled ConfigMaps; returns the selector for them. */
export async function threeMaps(place: Place): Promise<string> {
  const group = place.name();
  for (const color of ["red", "green", "blue"]) {
    const metadata = { name: `${group}-${color}`, labels: { group, color } };
    await made(place.maps.create({ ...map(""), metadata }));
  }
  return `group=${group}`;
}
