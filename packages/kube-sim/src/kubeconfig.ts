import { stringify } from "yaml";

/** A kubeconfig with one context, `kube-sim`. client-node takes plain HTTP only with the flag that there is no TLS to verify. */
export function kubeconfigFor(server: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kube-sim", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "kube-sim", user: {} }],
    contexts: [{ name: "kube-sim", context: { cluster: "kube-sim", user: "kube-sim" } }],
    "current-context": "kube-sim",
  });
}
