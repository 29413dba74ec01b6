import { stringify } from "yaml";
import type { KeyPair } from "./auth/certificates.ts";

/** What a kubeconfig leads to, and as whom. */
export interface KubeconfigTarget {
  server: string;
  /** PEM; absent for plain HTTP. */
  ca?: string;
  /** Users by the names of their contexts; the first one is current. */
  users: readonly KubeconfigUser[];
}

/** Somebody with a token or a certificate; with neither the server decides who it is. */
export interface KubeconfigUser {
  name: string;
  token?: string;
  certificate?: KeyPair;
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
    users: users.map((user) => ({ name: user.name, user: credentialsOf(user) })),
    contexts: users.map(({ name }) => ({ name, context: { cluster: "kube-sim", user: name } })),
    "current-context": users[0]?.name,
  });
}

function credentialsOf({ token, certificate }: KubeconfigUser): Record<string, string> {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return {
    ...(token && { token }),
    ...(certificate && {
      "client-certificate-data": base64(certificate.cert),
      "client-key-data": base64(certificate.key),
    }),
  };
}
