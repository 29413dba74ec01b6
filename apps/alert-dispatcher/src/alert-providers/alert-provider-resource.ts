import type { AlertProvider } from "@burgee/contracts/crd";
import { type Resource, resource } from "@burgee/kube";

/** `alertproviders.flagger.app` in version v1beta1. */
export const alertProviders: Resource<AlertProvider> = resource(
  "flagger.app",
  "v1beta1",
  "alertproviders",
  "AlertProvider",
);
