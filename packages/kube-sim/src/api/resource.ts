import type { KubeObject } from "./object.ts";
import type { JsonSchema } from "./schema/json-schema.ts";
import type { Shape } from "./shape.ts";
import type { FieldProblem } from "./status.ts";

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

/** Every verb a normal resource answers to. */
export const allVerbs: readonly Verb[] = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

/** Where the scale subresource finds its numbers, as paths like `.spec.replicas`. */
export interface ScalePaths {
  specReplicas: string;
  statusReplicas: string;
  /** Absent: the object has no selector to report. */
  labelSelector?: string;
}

/** A column of `kubectl get`. Priority 0 is always shown, others with `-o wide`. */
export interface Column {
  name: string;
  type: "string" | "integer" | "number" | "boolean" | "date";
  format?: string;
  description?: string;
  priority: number;
  value(object: KubeObject, now: number): string | number | boolean | null;
}

/** One served version of one kind: all the mechanisms need to know about it. */
export interface ResourceDefinition {
  group: string;
  version: string;
  kind: string;
  listKind: string;
  plural: string;
  singular: string;
  namespaced: boolean;
  shortNames: readonly string[];
  categories: readonly string[];
  /** Versions of one kind share a hub: they are views of the same stored objects. */
  hub: string;
  verbs: readonly Verb[];
  /** The status subresource exists and the main resource ignores `status`. */
  statusSubresource: boolean;
  scale?: ScalePaths;
  /** Further subresources, for discovery. */
  extraSubresources: readonly string[];
  /** `spec`: metadata.generation grows with any change but metadata and status. `all`: status counts, too. */
  generation: "none" | "spec" | "all";
  /** Custom resources: validated, defaulted and pruned by this schema. */
  schema?: JsonSchema;
  shape: Shape;
  columns: readonly Column[];
  /** Fields that a selector may name besides those of metadata, as `spec.color`. */
  selectableFields?: readonly string[];
  /** What users of the version are warned of. */
  deprecation?: string;
  /** Fills in defaults of the version, which belong to the writer like what it wrote. Changes the draft it is given. */
  defaults?(draft: KubeObject, old: KubeObject | undefined): void;
  /**
   * Fills in what the server decides, which belongs to no manager: addresses, first states. Changes the draft. `isTaken`: whether another object
   * has a place (see ServicePlaces).
   */
  complete?(draft: KubeObject, old: KubeObject | undefined, isTaken: (place: string) => boolean): void;
  validate?(object: KubeObject, old: KubeObject | undefined): FieldProblem[];
  /** What the writer is told about a draft that is taken nevertheless. */
  warnings?(draft: KubeObject, old: KubeObject | undefined): string[];
  /** Between this version and the stored one, where they differ by more than apiVersion. */
  fromStored?(object: KubeObject): KubeObject;
  toStored?(object: KubeObject): KubeObject;
}

/** `v1` or `apps/v1`, as in an object's `apiVersion`. */
export function apiVersionOf(resource: Pick<ResourceDefinition, "group" | "version">): string {
  return resource.group ? `${resource.group}/${resource.version}` : resource.version;
}

/** Whether a CustomResourceDefinition defines the kind. */
export function isCustom(resource: ResourceDefinition): boolean {
  return resource.schema !== undefined;
}
