import { cpSync, mkdirSync, realpathSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonObject, objectAt, objectsAt, stringAt } from "../api/json.ts";
import type { KubeObject } from "../api/object.ts";
import type { ApiClient } from "../client/api-client.ts";
import { commandsOf } from "./annotations.ts";
import { publish, type VolumeFile } from "./atomic-folder.ts";
import { filesOfVolume, isPublished } from "./volume-files.ts";

/** Where the volumes of one pod are. Containers see the real folders: there is no other file system here. */
export class PodVolumes {
  readonly #client: ApiClient;
  readonly #root: string;
  readonly #claims: string;
  readonly #pod: KubeObject;
  readonly #refreshing = new Map<string, Promise<void>>();

  /**
   * `root` is a folder for the volumes of all pods. Only volumes are made that a process asks for, by `{mount:PATH}`: the
   * others, such as the one with a token that the API puts into every pod, nobody could see.
   */
  constructor(client: ApiClient, pod: KubeObject, root: string) {
    this.#client = client;
    this.#pod = pod;
    this.#root = join(root, "pods", pod.metadata.uid);
    this.#claims = join(root, "claims");
  }

  /** Makes all volumes. Rejects with ConfigMissing while a ConfigMap or Secret is not there. */
  async prepare(): Promise<void> {
    for (const volume of this.#volumes()) {
      const folder = this.#folder(volume);
      if (volume.hostPath === undefined) mkdirSync(folder, { recursive: true });
      if (isPublished(volume)) publish(folder, await this.#files(volume));
    }
  }

  /** Brings what is published up to date, as a whole volume at a time. */
  async refresh(pod: KubeObject): Promise<void> {
    for (const volume of this.#volumes().filter(isPublished)) {
      const name = String(volume.name);
      const before = this.#refreshing.get(name) ?? Promise.resolve();
      const turn = before.then(async () => {
        publish(this.#folder(volume), await this.#files(volume, pod));
      });
      this.#refreshing.set(
        name,
        turn.catch(() => undefined),
      );
      await turn;
    }
  }

  /** Mount path → real path, for one container. */
  mounts(container: JsonObject): Map<string, string> {
    const mounts = new Map<string, string>();
    for (const mount of objectsAt(container, "volumeMounts")) {
      const volume = this.#volumes().find(({ name }) => name === mount.name);
      const path = stringAt(mount, "mountPath");
      if (!volume || path === undefined) continue;
      mounts.set(path, this.#mounted(volume, mount, String(container.name)));
    }
    return mounts;
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #mounted(volume: JsonObject, mount: JsonObject, container: string): string {
    const folder = this.#folder(volume);
    const subPath = stringAt(mount, "subPath");
    if (!subPath) return folder;
    const source = join(folder, subPath);
    if (!isPublished(volume)) {
      mkdirSync(source, { recursive: true });
      return source;
    }
    // What is mounted by a subPath never changes, as in a real pod.
    const copy = join(this.#root, "sub-paths", container, subPath);
    if (statSync(source, { throwIfNoEntry: false }) === undefined) return copy;
    cpSync(realpathSync(source), copy, { recursive: true, dereference: true });
    return copy;
  }

  #folder(volume: JsonObject): string {
    const host = stringAt(volume, "hostPath", "path");
    if (host !== undefined) return host;
    const claim = stringAt(volume, "persistentVolumeClaim", "claimName");
    if (claim !== undefined) return join(this.#claims, this.#pod.metadata.namespace ?? "default", claim);
    return join(this.#root, "volumes", String(volume.name));
  }

  #files(volume: JsonObject, pod = this.#pod): Promise<Map<string, VolumeFile>> {
    return filesOfVolume(this.#client, pod, volume);
  }

  #volumes(): JsonObject[] {
    const asked = askedVolumes(this.#pod);
    return objectsAt(this.#pod, "spec", "volumes").filter(({ name }) => asked.has(String(name)));
  }
}

/** Names of the volumes that processes of the pod name in their commands or variables. */
function askedVolumes(pod: KubeObject): Set<string> {
  const commands = commandsOf(pod);
  const containers = ["initContainers", "containers"].flatMap((list) => objectsAt(pod, "spec", list));
  return new Set(
    containers.flatMap((container) => {
      const texts = [
        commands.get(String(container.name)) ?? "",
        ...objectsAt(container, "env").map(({ value }) => String(value)),
      ];
      const mounts = objectsAt(container, "volumeMounts");
      const asked = mounts.filter(({ mountPath }) => texts.some((text) => text.includes(`{mount:${mountPath}}`)));
      return asked.map(({ name }) => String(name));
    }),
  );
}

/** Whether a pod has a volume that shows this ConfigMap or Secret. */
export function showsObject(pod: KubeObject, kind: "configMap" | "secret", name: string): boolean {
  const shows = (source: JsonObject) => {
    const reference = objectAt(source, kind);
    return isObject(source[kind]) && (reference.name ?? reference.secretName) === name;
  };
  return objectsAt(pod, "spec", "volumes").some(
    (volume) => shows(volume) || objectsAt(volume, "projected", "sources").some(shows),
  );
}
