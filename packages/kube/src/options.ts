import { checkTogether, type Logger, option } from "@burgee/service-kit";
import type { KubeClient } from "./client.ts";
import { createKubeClient } from "./create-client.ts";
import { resolveClusterAccess } from "./http/cluster-access.ts";

/** The settings of every app that talks to Kubernetes: spread them into its table. The KUBECONFIG variable is not among them on purpose. */
export const kubeOptions = {
  kubeconfig: option.string({
    optional: true,
    about:
      "kubeconfig file; without it and without kubeServer the pod's service account is used. KUBECONFIG is never read",
  }),
  kubeContext: option.string({ optional: true, about: "context of the kubeconfig file; its current one by default" }),
  kubeServer: option.url({
    optional: true,
    alias: ["master"],
    about: "URL of the Kubernetes API without credentials, instead of a kubeconfig",
  }),
  kubeServiceHost: option.string({
    optional: true,
    env: ["KUBERNETES_SERVICE_HOST"],
    about: "host of the API inside a cluster, set by Kubernetes in every pod",
  }),
  kubeServicePort: option.port({
    optional: true,
    env: ["KUBERNETES_SERVICE_PORT"],
    about: "port of the API inside a cluster, set by Kubernetes in every pod",
  }),
  namespace: option.string({ default: "", about: "act on this namespace only; empty means all" }),
  podNamespace: option.string({
    default: "default",
    env: ["POD_NAMESPACE"],
    about: "namespace this process runs in: its Leases live there",
  }),
} as const;

/** For `checks` of an app that cannot do without the API: tells with all other problems when the options name none. */
export const kubeAccessCheck = checkTogether(kubeOptions, (options) => resolveClusterAccess(accessFrom(options)));

/** A client for an app whose table has `kubeOptions` in it. Throws ConfigError when the options name no API. */
export function createKubeClientFromConfig(
  config: KubeConfigValues,
  o: { log: Logger; userAgent: string },
): KubeClient {
  return createKubeClient({ ...accessFrom(config), ...o });
}

function accessFrom(config: KubeConfigValues) {
  return {
    kubeconfig: config.kubeconfig,
    context: config.kubeContext,
    server: config.kubeServer,
    serviceHost: config.kubeServiceHost,
    servicePort: config.kubeServicePort,
  };
}

/** The values of `kubeOptions` that say where the API is. */
export interface KubeConfigValues {
  readonly kubeconfig: string | undefined;
  readonly kubeContext: string | undefined;
  readonly kubeServer: string | undefined;
  readonly kubeServiceHost: string | undefined;
  readonly kubeServicePort: number | undefined;
}
