// Apart from the client, so that an app that may never need one can have the settings without loading it.
import { option } from "@burgee/service-kit";

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
