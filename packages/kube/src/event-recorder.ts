import type { KubeClient, Log } from "./client.ts";
import type { KubeObject } from "./object.ts";

export interface EventNote {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

/** Writes Kubernetes Events in the background, spam-protected as client-go does. Never throws, never blocks. */
export interface EventRecorder {
  readonly name: string;
  /** `object` needs apiVersion, kind and metadata. */
  record(object: KubeObject, note: EventNote): void;
  /** Resolves when everything recorded so far was written or given up. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export declare function createEventRecorder(
  client: KubeClient,
  o: { component: string; log: Log; instance?: string; clock?: { now(): number } },
): EventRecorder;
