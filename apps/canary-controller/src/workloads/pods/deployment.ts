import { resource } from "@burgee/kube";
import { deploymentReadiness } from "./deployment-readiness.ts";
import type { PodKind, PodWorkload } from "./pod-kind.ts";
import { countedAt } from "./replicas.ts";

const deployments = resource<PodWorkload>("apps", "v1", "deployments", "Deployment");

/** apps/v1 Deployment. */
export const deployment: PodKind = {
  matches: ({ kind }) => kind === "Deployment",
  find: async () => ({ resource: deployments, kind: deployment }),
  known: deployments,
  problem: () => undefined,
  template: ({ spec }) => spec.template,
  ...countedAt(["replicas"]),
  settings: () => ["progressDeadlineSeconds", "minReadySeconds", "revisionHistoryLimit", "strategy"],
  adapt: () => ({}),
  rewritesAffinity: true,
  readiness: deploymentReadiness,
};
