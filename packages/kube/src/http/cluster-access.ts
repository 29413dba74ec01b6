import { existsSync, readFileSync } from "node:fs";
import { ConfigError } from "@burgee/service-kit";
import type { ClusterAccess } from "./connection.ts";
import { accessFromKubeconfig } from "./kubeconfig.ts";
import { tokenFileSource } from "./token-file.ts";

const serviceAccount = "/var/run/secrets/kubernetes.io/serviceaccount";

export interface AccessOptions {
  kubeconfig?: string | undefined;
  context?: string | undefined;
  server?: string | undefined;
  serviceHost?: string | undefined;
  servicePort?: number | undefined;
  /** Where a pod finds its token and certificate. */
  serviceAccountDir?: string;
}

/** An explicit URL, else a kubeconfig file, else the pod's service account. Throws ConfigError when there is none of them. */
export function resolveClusterAccess(o: AccessOptions): ClusterAccess {
  if (o.server !== undefined) {
    if (o.kubeconfig !== undefined) {
      throw new ConfigError([
        `kubeServer is ${o.server} while kubeconfig is ${o.kubeconfig}, expected only one of them`,
      ]);
    }
    return plainAccess(o.server);
  }
  if (o.kubeconfig !== undefined) return accessFromKubeconfig(o.kubeconfig, o.context);
  if (o.context !== undefined) {
    throw new ConfigError([`kubeContext is ${o.context}, expected kubeconfig to name the file that has it`]);
  }
  return inClusterAccess(o);
}

function plainAccess(server: string): ClusterAccess {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new ConfigError([`kubeServer is ${server}, expected a URL starting with http:// or https://`]);
  }
  if (url.username !== "" || url.password !== "") {
    throw new ConfigError([
      "kubeServer has a user in it, expected a URL without credentials; use a kubeconfig for those",
    ]);
  }
  return {
    server: url.href.replace(/\/$/, ""),
    credentials: async () => ({ headers: {}, tls: {} }),
    forget: () => undefined,
  };
}

function inClusterAccess(o: AccessOptions): ClusterAccess {
  const dir = o.serviceAccountDir ?? serviceAccount;
  const tokenFile = `${dir}/token`;
  if (!existsSync(tokenFile)) {
    throw new ConfigError([
      `no Kubernetes API is configured and ${tokenFile} is absent, expected --kubeconfig FILE, --kube-server URL or to run in a pod`,
    ]);
  }
  const host = o.serviceHost ?? "kubernetes.default.svc";
  const token = tokenFileSource(tokenFile);
  return {
    server: `https://${host.includes(":") ? `[${host}]` : host}:${o.servicePort ?? 443}`,
    async credentials() {
      const { headers } = await token.credentials();
      return { headers, tls: { ca: readFileSync(`${dir}/ca.crt`) } };
    },
    forget: () => token.forget(),
  };
}
