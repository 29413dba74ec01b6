import { stringify } from "yaml";

/** What a kubeconfig leads to, and as whom. */
export interface KubeconfigTarget {
  server: string;
  /** PEM; absent for plain HTTP. */
  ca?: string;
  /** Users by the names of their contexts; the first one is current. Without a token they are whoever the server takes them for. */
  users: readonly { name: string; token?: string }[];
}

/**
 * A kubeconfig with a context for every user. client-node takes plain HTTP only with the flag that there is no TLS to
 * verify.
 */
export function kubeconfigFor({ server, ca, users }: KubeconfigTarget): string {
  const trust = ca
    ? { "certificate-authority-data": Buffer.from(ca).toString("base64") }
    : { "insecure-skip-tls-verify": true };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "kube-sim", cluster: { server, ...trust } }],
    users: users.map(({ name, token }) => ({ name, user: token ? { token } : {} })),
    contexts: users.map(({ name }) => ({ name, context: { cluster: "kube-sim", user: name } })),
    "current-context": users[0]?.name,
  });
}
