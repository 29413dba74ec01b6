import type { MetricTemplate } from "@burgee/contracts/crd";
import { type Resource, resource } from "@burgee/kube";

/** `metrictemplates.flagger.app` in version v1beta1. */
export const metricTemplates: Resource<MetricTemplate> = resource(
  "flagger.app",
  "v1beta1",
  "metrictemplates",
  "MetricTemplate",
);
