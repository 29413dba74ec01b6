// Which hook URLs are Burgee's own Services: only they get the hook token.
import type { Secret } from "@burgee/service-kit";

/** Hands out the token for a URL, or nothing. */
export interface HookTokens {
  tokenFor(url: string): string | undefined;
}

/**
 * `services` are `name.namespace` or `name.namespace:port` of Burgee's own Services. A URL counts as one of them when its host is that
 * name, with or without `.svc` and the cluster's domain, and never when it carries credentials.
 */
export function createHookTokens(o: {
  token: Secret | undefined;
  services: readonly string[];
  clusterDomain?: string;
}): HookTokens {
  const domain = o.clusterDomain ?? "cluster.local";
  const hosts = new Set(
    o.services.flatMap((service) => {
      const [name = "", port] = service.split(":");
      return [name, `${name}.svc`, `${name}.svc.${domain}`].map((host) =>
        port === undefined ? host : `${host}:${port}`,
      );
    }),
  );
  return {
    tokenFor(url) {
      if (o.token === undefined || !URL.canParse(url)) return undefined;
      const { hostname, port, protocol, username } = new URL(url);
      const known = port === "" ? (protocol === "https:" ? "443" : "80") : port;
      const isOurs = hosts.has(hostname) || hosts.has(`${hostname}:${known}`);
      return isOurs && username === "" ? o.token.reveal() : undefined;
    },
  };
}
