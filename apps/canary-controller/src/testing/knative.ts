// As much of Knative as a rollout sees: a revision for every template, ready at once, and a status that repeats what was asked.
import { createInformer, type KubeClient } from "@burgee/kube";
import { captureLogger } from "@burgee/service-kit/testing";
import { type KnativeService, knativeRevisions, knativeServices } from "../workloads/knative/objects.ts";
import { customDefinition } from "./custom-definition.ts";

const serving = { group: "serving.knative.dev", version: "v1" };
export const knativeDefinitions: readonly object[] = [
  customDefinition({ ...serving, kind: "Service", plural: "services" }),
  customDefinition({ ...serving, kind: "Revision", plural: "revisions" }),
];

/** Follows every Knative Service. Returns how to stop. */
export function startKnative(client: KubeClient): () => Promise<void> {
  const stopping = new AbortController();
  const { log } = captureLogger("knative");
  const informer = createInformer(client, knativeServices, { log, firstDelayMs: 20 });
  const latest = new Map<string, { number: number; template: string }>();
  let work = Promise.resolve();
  informer.on(({ type, object }) => {
    if (type === "deleted" || object.status?.observedGeneration === object.metadata.generation) return;
    work = work.then(() => follow(object)).catch((err: unknown) => log.debug({ err }, "a later event reports it"));
  });

  async function follow({ metadata, spec }: KnativeService): Promise<void> {
    const { name, namespace = "", generation = 0 } = metadata;
    const template = JSON.stringify(spec.template);
    const known = latest.get(`${namespace}/${name}`) ?? { number: 0, template: "" };
    // A template from before is a new revision all the same.
    const { number } = known.template === template ? known : { number: known.number + 1 };
    latest.set(`${namespace}/${name}`, { number, template });
    const revision = `${name}-0000${number}`;
    const ref = { name: revision, namespace };
    if ((await client.tryGet(knativeRevisions, ref)) === undefined) {
      await client.create(knativeRevisions, { apiVersion: "serving.knative.dev/v1", kind: "Revision", metadata: ref });
      const status = { conditions: [{ type: "Ready", status: "True" }] };
      await client.patch(knativeRevisions, ref, { status }, { type: "merge", subresource: "status" });
    }
    const status = { observedGeneration: generation, latestCreatedRevisionName: revision, traffic: spec.traffic ?? [] };
    await client.patch(knativeServices, { name, namespace }, { status }, { type: "merge", subresource: "status" });
  }

  informer.start(stopping.signal);
  return async () => {
    stopping.abort();
    await informer.stop();
    await work;
  };
}
