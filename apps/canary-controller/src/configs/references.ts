// Which ConfigMaps and Secrets a pod spec names, and the same pod spec naming their -primary copies.
import type { PodSpec } from "@burgee/kube";
import { primaryName } from "../workloads/selector-label.ts";

/** A named ConfigMap or Secret. A missing one is an error unless it is optional. */
export interface ConfigReference {
  kind: "configmap" | "secret";
  name: string;
  optional: boolean;
}

/** One place in a pod spec that names a config: how to read and how to change the name. */
interface Place extends ConfigReference {
  rename(to: string): void;
}

/** Key of status.trackedConfigs. */
export function configKey(reference: Pick<ConfigReference, "kind" | "name">): string {
  return `${reference.kind}/${reference.name}`;
}

/** Every ConfigMap and Secret that volumes and environments name, each once; of two mentions the later decides whether it is optional. */
export function configReferences(spec: PodSpec): ConfigReference[] {
  const found = new Map<string, ConfigReference>();
  for (const { kind, name, optional } of places(spec)) found.set(`${kind}/${name}`, { kind, name, optional });
  return [...found.values()];
}

/** Renames, in place, each tracked reference to its -primary copy. */
export function pointConfigsAtPrimary(spec: PodSpec, tracked: Readonly<Record<string, string>>): void {
  for (const place of places(spec)) {
    if (configKey(place) in tracked) place.rename(primaryName(place.name));
  }
}

function* places(spec: PodSpec): Generator<Place> {
  yield* volumePlaces(spec);
  yield* environmentPlaces(spec);
}

function* volumePlaces(spec: PodSpec): Generator<Place> {
  for (const { configMap, secret, projected } of spec.volumes ?? []) {
    if (configMap?.name !== undefined)
      yield named("configmap", { ...configMap, name: configMap.name }, (to) => {
        configMap.name = to;
      });
    if (secret?.secretName !== undefined) {
      yield named("secret", { ...secret, name: secret.secretName }, (to) => {
        secret.secretName = to;
      });
    }
    for (const source of projected?.sources ?? []) {
      const { configMap: map, secret: hidden } = source;
      if (map !== undefined)
        yield named("configmap", map, (to) => {
          map.name = to;
        });
      if (hidden !== undefined)
        yield named("secret", hidden, (to) => {
          hidden.name = to;
        });
    }
  }
}

function* environmentPlaces(spec: PodSpec): Generator<Place> {
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const { valueFrom } of container.env ?? []) {
      const { configMapKeyRef: map, secretKeyRef: hidden } = valueFrom ?? {};
      if (map !== undefined)
        yield named("configmap", map, (to) => {
          map.name = to;
        });
      if (hidden !== undefined)
        yield named("secret", hidden, (to) => {
          hidden.name = to;
        });
    }
    for (const { configMapRef: map, secretRef: hidden } of container.envFrom ?? []) {
      if (map !== undefined)
        yield named("configmap", map, (to) => {
          map.name = to;
        });
      if (hidden !== undefined)
        yield named("secret", hidden, (to) => {
          hidden.name = to;
        });
    }
  }
}

function named(
  kind: "configmap" | "secret",
  reference: { name: string; optional?: boolean },
  rename: (to: string) => void,
): Place {
  return { kind, name: reference.name, optional: reference.optional ?? false, rename };
}
