import type { KubeObject } from "../api/object.ts";
import type { KubeletSettings } from "./options.ts";

/** The variables that every process of a pod has, whatever its spec says. */
export function baseEnvironment(pod: KubeObject, settings: KubeletSettings): Record<string, string> {
  const { name, namespace = "default" } = pod.metadata;
  const inherited = ["PATH", "HOME", "LANG", "TMPDIR"].flatMap((key) => {
    const value = process.env[key];
    return value === undefined ? [] : [[key, value]];
  });
  const proxy = settings.proxyUrl && proxyVariables(settings.proxyUrl, namespace);
  const own = { HOSTNAME: name, POD_NAME: name, POD_NAMESPACE: namespace, POD_IP: "127.0.0.1" };
  return { ...Object.fromEntries(inherited), ...own, ...proxy, ...settings.env };
}

/** The user name in the proxy's URL tells it which namespace a bare Service name means. */
function proxyVariables(proxyUrl: string, namespace: string): Record<string, string> {
  const url = new URL(proxyUrl);
  url.username = namespace;
  url.password = "pod";
  const proxy = url.href.replace(/\/$/, "");
  const direct = "127.0.0.1,localhost,::1";
  return {
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    NO_PROXY: direct,
    no_proxy: direct,
  };
}
