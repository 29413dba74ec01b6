import { checkTogether, type Logger } from "@burgee/service-kit";
import type { KubeClient } from "./client.ts";
import { createKubeClient } from "./create-client.ts";
import { resolveClusterAccess } from "./http/cluster-access.ts";
import { kubeOptions } from "./kube-options.ts";

/** For `checks` of an app that cannot do without the API: tells with all other problems when the options name none. */
export const kubeAccessCheck = checkTogether(kubeOptions, (options) => resolveClusterAccess(accessFrom(options)));

/** A client for an app whose table has `kubeOptions` in it. Throws ConfigError when the options name no API. */
export function createKubeClientFromConfig(
  config: KubeConfigValues,
  o: { log: Logger; userAgent: string; qps?: number | undefined; burst?: number | undefined },
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
