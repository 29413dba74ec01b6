import { isObject, type JsonObject } from "../json.ts";
import type { KubeObject } from "../object.ts";

/** Fields that the two Event kinds call by other names: v1 → events.k8s.io/v1. */
const renamed: readonly (readonly [string, string])[] = [
  ["involvedObject", "regarding"],
  ["message", "note"],
  ["source", "deprecatedSource"],
  ["firstTimestamp", "deprecatedFirstTimestamp"],
  ["lastTimestamp", "deprecatedLastTimestamp"],
  ["count", "deprecatedCount"],
  ["reportingComponent", "reportingController"],
];

function rename(object: KubeObject, pairs: readonly (readonly [string, string])[]): KubeObject {
  const result: KubeObject = { ...object };
  for (const [from, to] of pairs) {
    if (object[from] === undefined) continue;
    result[to] = object[from];
    delete result[from];
  }
  return result;
}

/** A stored (v1) event as events.k8s.io/v1 shows it. */
export function newEventFromStored(stored: KubeObject): KubeObject {
  return rename(stored, renamed);
}

export function newEventToStored(view: KubeObject): KubeObject {
  const back = renamed.map(([from, to]) => [to, from] as const);
  return { ...rename(view, back), apiVersion: "v1" };
}

/** Fields that an event always shows, also when empty. */
const shown: Record<string, JsonObject> = {
  v1: {
    ...{ source: {}, firstTimestamp: null, lastTimestamp: null, eventTime: null },
    ...{ reportingComponent: "", reportingInstance: "" },
  },
  "events.k8s.io/v1": { deprecatedSource: {}, deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null },
};

export function completeEvent(draft: KubeObject): void {
  for (const [key, value] of Object.entries(shown[draft.apiVersion] ?? {})) draft[key] ??= value;
  const about = isObject(draft.involvedObject) ? draft.involvedObject : undefined;
  if (about && draft.metadata.namespace) about.namespace ??= draft.metadata.namespace;
}
