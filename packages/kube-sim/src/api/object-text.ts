import type { KubeObject } from "./object.ts";

let newest: { object: KubeObject; text: string } | undefined;

/** The JSON of an object. What was written last is asked for by its writer and by its watchers: it is made once. */
export function jsonOf(object: KubeObject): string {
  if (newest?.object === object) return newest.text;
  const text = texts.get(object) ?? JSON.stringify(object);
  newest = { object, text };
  return text;
}

const texts = new WeakMap<KubeObject, string>();

/** The JSON of an object that is listed, and will be again: it is kept. Objects of the store are never changed. */
export function keptJsonOf(object: KubeObject): string {
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(object);
  texts.set(object, text);
  return text;
}
