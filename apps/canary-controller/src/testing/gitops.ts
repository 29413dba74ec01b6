// A GitOps tool as Flux's kustomize-controller works: server-side apply with force, after a dry run has shown a difference.
import { isDeepStrictEqual } from "node:util";
import type { KubeClient } from "@burgee/kube";
import { isRecord } from "../workloads/record.ts";

/** A manifest and where it is applied. */
export interface Committed {
  /** As `/apis/apps/v1/namespaces/test/deployments/web`. */
  path: string;
  manifest: object;
}

export interface Gitops {
  /** What differed from Git when it was looked at: `path: field, field`, each once. What a commit itself changes does not count. */
  readonly drift: ReadonlySet<string>;
  /** How often everything was compared. */
  rounds(): number;
  /** Puts other manifests into Git and applies them. */
  commit(...changed: readonly Committed[]): Promise<void>;
  /** Compares and applies over and over again until stop. */
  run(): void;
  stop(): Promise<void>;
}

const query = "fieldManager=kustomize-controller&force=true";
const headers = { "content-type": "application/apply-patch+yaml" };
/** What the server says of an object, which no tool compares. */
const server = ["managedFields", "resourceVersion", "generation", "uid", "creationTimestamp"];

/** Starts with an empty repository. */
export function createGitops(client: KubeClient): Gitops {
  const repository = new Map<string, object>();
  const drift = new Set<string>();
  let rounds = 0;
  let running = false;
  let work: Promise<void> = Promise.resolve();

  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await client.raw(method, path, body, body === undefined ? {} : headers);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function compare(path: string, manifest: object): Promise<void> {
    // What others write between the two calls is in neither or in both: looked at again then.
    for (;;) {
      const live = await call("GET", path);
      const wanted = await call("PATCH", `${path}?${query}&dryRun=All`, manifest);
      const after = await call("GET", path);
      if (!isDeepStrictEqual(live, after)) continue;
      const fields = differences(comparable(live), comparable(wanted));
      if (fields.length === 0) return;
      drift.add(`${path}: ${fields.join(", ")}`);
      await call("PATCH", `${path}?${query}`, manifest);
      return;
    }
  }

  async function loop(): Promise<void> {
    while (running) {
      for (const [path, manifest] of repository) await compare(path, manifest);
      rounds += 1;
    }
  }

  async function pause(): Promise<void> {
    running = false;
    await work;
  }

  function run(): void {
    running = true;
    work = loop();
  }

  return {
    drift,
    rounds: () => rounds,
    async commit(...changed) {
      const wasRunning = running;
      await pause();
      for (const { path, manifest } of changed) {
        repository.set(path, manifest);
        await call("PATCH", `${path}?${query}`, manifest);
      }
      if (wasRunning) run();
    },
    run,
    stop: pause,
  };
}

function comparable(object: unknown): unknown {
  if (!isRecord(object)) return object;
  const { status: _status, metadata, ...rest } = object;
  const kept = isRecord(metadata) ? Object.entries(metadata).filter(([key]) => !server.includes(key)) : [];
  return { ...rest, metadata: Object.fromEntries(kept) };
}

/** Paths of the fields in which two objects differ. */
function differences(one: unknown, other: unknown, path = ""): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isRecord(one) || !isRecord(other)) return [path];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].flatMap((key) => differences(one[key], other[key], path === "" ? key : `${path}.${key}`));
}
