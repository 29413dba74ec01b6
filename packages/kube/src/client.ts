import type { KubeObject } from "./object.ts";
import type { Resource } from "./resource.ts";

/** Where to write log lines; any pino logger fits. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Names one object. `namespace` is required for namespaced kinds. */
export interface ObjectRef {
  name: string;
  namespace?: string | undefined;
}

export interface ListOptions {
  /** All namespaces when absent. */
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  /** Ask for exactly one page of this size. Without it every page is fetched. */
  limit?: number | undefined;
  continue?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface ListResult<T> {
  items: T[];
  resourceVersion: string;
  /** Set when `limit` cut the list: pass it back for the next page. */
  continue?: string;
}

export interface JsonPatchOperation {
  op: "add" | "remove" | "replace" | "test" | "move" | "copy";
  path: string;
  from?: string;
  value?: unknown;
}
export type JsonPatch = readonly JsonPatchOperation[];

export interface PatchOptions {
  type: "merge" | "json" | "strategic";
  /** The patch lands only on this version of the object, else it fails with "conflict". */
  resourceVersion?: string | undefined;
  subresource?: "status" | "scale" | undefined;
}

export interface ApplyOptions {
  fieldManager: string;
  /** Take fields over from other managers. */
  force?: boolean;
  subresource?: "status" | undefined;
}

export interface DeleteOptions {
  /** Preconditions: a delete of another version or another object of this name fails with "conflict". */
  resourceVersion?: string | undefined;
  uid?: string | undefined;
  propagationPolicy?: "Foreground" | "Background" | "Orphan" | undefined;
}

export interface WatchOptions {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  resourceVersion?: string | undefined;
  /** Default true. */
  allowBookmarks?: boolean;
  /** Called when the server has accepted the watch. */
  onOpen?: () => void;
  signal: AbortSignal;
}

/** ERROR events never appear: they are thrown as KubeError (410 is "gone"). */
export type WatchEvent<T> =
  | { type: "ADDED" | "MODIFIED" | "DELETED"; object: T }
  | { type: "BOOKMARK"; resourceVersion: string };

export interface RawResponse {
  status: number;
  /** Parsed when the answer is JSON, else text. */
  body: unknown;
}

/** A connection to one Kubernetes API. Every method rejects with KubeError only. */
export interface KubeClient {
  /** Its URL, without credentials. */
  readonly server: string;
  get<T extends KubeObject>(r: Resource<T>, ref: ObjectRef): Promise<T>;
  /** As `get`, but undefined when the object is not there. */
  tryGet<T extends KubeObject>(r: Resource<T>, ref: ObjectRef): Promise<T | undefined>;
  list<T extends KubeObject>(r: Resource<T>, o?: ListOptions): Promise<ListResult<T>>;
  /** Fails with "already_exists" when it does. */
  create<T extends KubeObject>(r: Resource<T>, object: T): Promise<T>;
  /** Needs `metadata.resourceVersion`; fails with "conflict" when the object has moved on. */
  replace<T extends KubeObject>(r: Resource<T>, object: T): Promise<T>;
  /** As `replace`, for the status subresource only. */
  replaceStatus<T extends KubeObject>(r: Resource<T>, object: T): Promise<T>;
  patch<T extends KubeObject>(r: Resource<T>, ref: ObjectRef, patch: object, o: PatchOptions): Promise<T>;
  /**
   * Server-side apply. Carries `object.metadata.resourceVersion` when set; a mismatch is a "conflict". It needs the uid then, too: the API
   * makes an object of that name anew when only the version tells that another is meant.
   */
  apply<T extends KubeObject>(r: Resource<T>, object: T, o: ApplyOptions): Promise<T>;
  delete<T extends KubeObject>(r: Resource<T>, ref: ObjectRef, o?: DeleteOptions): Promise<void>;
  /** Ends quietly when the server closes the stream or the signal aborts. */
  watch<T extends KubeObject>(r: Resource<T>, o: WatchOptions): AsyncIterable<WatchEvent<T>>;
  /** Any path, any status: the escape hatch for discovery and reviews. Rejects only when there was no answer. */
  raw(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<RawResponse>;
  /**
   * The same connection, whose writes are refused ("fenced") when no milliseconds to write are left at the moment of sending. The API
   * gets what is left as the limit of the request, so that none that is held up on its way lands later.
   */
  guarded(writableForMs: () => number): KubeClient;
  /** The same connection with another time limit for each call. */
  withTimeout(timeoutMs: number): KubeClient;
  /** The same connection, whose requests take the turns of `whom` while the client-side limit makes requests wait. */
  onBehalfOf(whom: string): KubeClient;
  /** The same connection, past the client-side limit: for what keeps a process alive, such as its leases. */
  withoutWaiting(): KubeClient;
  close(): Promise<void>;
}
