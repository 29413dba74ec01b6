// The manifests of the documents, as they are written.
import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import type { KubeObject } from "@burgee/kube";
import { parseAllDocuments } from "yaml";

const folder = fileURLToPath(new URL("../../testdata/manifests", import.meta.url));

/** A Canary, and what is beside it in its file. */
export interface Document {
  canary: Canary;
  others: readonly KubeObject[];
}

/** Every object of every file, by the name of the file. */
export function documentedObjects(): ReadonlyMap<string, readonly KubeObject[]> {
  const read = (file: string) =>
    parseAllDocuments(readFileSync(`${folder}/${file}`, "utf8")).map((document): KubeObject => document.toJS());
  return new Map(readdirSync(folder).map((file) => [basename(file, ".yaml"), read(file)]));
}

/** Every Canary of every file. `file` is without its ending. */
export function documentedCanaries(): (Document & { file: string })[] {
  return [...documentedObjects()].flatMap(([file, objects]) =>
    objects.filter(isCanary).map((canary) => ({ file, canary, others: objects.filter((one) => !isCanary(one)) })),
  );
}

function isCanary(object: KubeObject): object is Canary & KubeObject {
  return object.kind === "Canary";
}
