import { resource } from "@burgee/kube";
import { deploymentReadiness } from "./deployment-readiness.ts";
import type { PodKind, PodWorkload } from "./pod-kind.ts";
import { replicasOf, scaleReplicas } from "./replicas.ts";

const deployments = resource<PodWorkload>("apps", "v1", "deployments", "Deployment");

/** apps/v1 Deployment. */
export const deployment: PodKind = {
  matches: ({ kind }) => kind === "Deployment",
  resource: async () => deployments,
  known: deployments,
  problem: () => undefined,
  template: ({ spec }) => spec.template,
  replicas: replicasOf,
  scale: scaleReplicas,
  settings: () => ["progressDeadlineSeconds", "minReadySeconds", "revisionHistoryLimit", "strategy"],
  adapt: () => ({}),
  counted: true,
  rewritesAffinity: true,
  readiness: deploymentReadiness,
};
