// What courses share: a simulated API, and a watch that tells how far each of them is.
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, createKubeClient, type Informer, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { canaries } from "../../canary-resource.ts";
import { customWorkloadDefinitions, startCustomWorkloads } from "../custom-workloads.ts";
import { knativeDefinitions, startKnative } from "../knative.ts";
import { name } from "./scene.ts";

/** A simulated API for many courses, each in a namespace of its own. */
export interface CourseCluster {
  sim: KubeSim;
  client: KubeClient;
  canaries: Informer<Canary>;
  /** Runs it when few enough others run. */
  inTurn<T>(run: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

const crds = ["../../../../../deploy/crds", "../../../testdata/crds"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
/** A watch that is never answered is noticed after half a minute. */
export const patienceMs = 60_000;
/** Waiting is most of a course: so many share a core. */
const atOnce = 8;

export async function startCourseCluster(): Promise<CourseCluster> {
  const sim = await startKubeSim({ crds, gateway: false });
  await sim.apply(...customWorkloadDefinitions, ...knativeDefinitions);
  const { log } = captureLogger("course");
  const client = createKubeClient({ server: sim.url, log, userAgent: "course" });
  const watched = createInformer(client, canaries, { log });
  const stopping = new AbortController();
  watched.start(stopping.signal);
  await watched.synced;
  const others = [startCustomWorkloads(client), startKnative(client)];
  return {
    sim,
    client,
    canaries: watched,
    inTurn: createTurns(atOnce),
    async stop() {
      stopping.abort();
      await watched.stop();
      for (const stop of others) await stop();
      await client.close();
      await sim.stop();
    },
  };
}

/** Resolves when the watch shows the Canary of a course as it should be; undefined is one that is gone. */
export function canaryWhen(
  { canaries: watched }: CourseCluster,
  o: { namespace: string; what: string; when: (seen: Canary | undefined) => boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!o.when(watched.get(o.namespace, name))) return;
      leave();
      clearTimeout(deadline);
      resolve();
    };
    const leave = watched.on(({ object }) => {
      if (object.metadata.namespace === o.namespace) look();
    });
    const deadline = setTimeout(() => {
      leave();
      const { status } = watched.get(o.namespace, name) ?? {};
      reject(new Error(`not ${o.what} after ${patienceMs / 1000} s; status is ${JSON.stringify(status)}`));
    }, patienceMs);
    look();
  });
}

function createTurns(count: number): CourseCluster["inTurn"] {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (run) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
