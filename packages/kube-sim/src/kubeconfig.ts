import { stringify } from "yaml";

/** A kubeconfig with one context, `kube-sim`. */
export function kubeconfigFor(server: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kube-sim", cluster: { server } }],
    users: [{ name: "kube-sim", user: {} }],
    contexts: [{ name: "kube-sim", context: { cluster: "kube-sim", user: "kube-sim" } }],
    "current-context": "kube-sim",
  });
}
