// What courses share: a simulated API, and a watch that tells how far each of them is.
import { fileURLToPath } from "node:url";
import type { Canary } from "@burgee/contracts/crd";
import { createInformer, createKubeClient, type Informer, type KubeClient } from "@burgee/kube";
import { type KubeSim, startKubeSim } from "@burgee/kube-sim";
import { captureLogger } from "@burgee/service-kit/testing";
import { canaries } from "../../canary-resource.ts";
import { name } from "./manifests.ts";

/** A simulated API for many courses, each in a namespace of its own. */
export interface CourseCluster {
  sim: KubeSim;
  client: KubeClient;
  canaries: Informer<Canary>;
  stop(): Promise<void>;
}

const crds = ["../../../../../deploy/crds", "../../../testdata/crds"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);
/** A watch that is never answered is noticed after half a minute. */
const patienceMs = 60_000;

export async function startCourseCluster(): Promise<CourseCluster> {
  const sim = await startKubeSim({ crds, gateway: false });
  const { log } = captureLogger("course");
  const client = createKubeClient({ server: sim.url, log, userAgent: "course" });
  const watched = createInformer(client, canaries, { log });
  const stopping = new AbortController();
  watched.start(stopping.signal);
  await watched.synced;
  return {
    sim,
    client,
    canaries: watched,
    async stop() {
      stopping.abort();
      await watched.stop();
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
