import { type Informer, isKubeError, type KubeClient, resources } from "@burgee/kube";
import type { MetricTemplate } from "@burgee/contracts/crd";
import { Secret } from "@burgee/service-kit";
import type { Credentials } from "../providers/provider.ts";
import { metricTemplates } from "./metric-template-resource.ts";
import type { CredentialsFound, TemplateLookup } from "./template-lookup.ts";

/** Templates from the informer's copy, Secrets straight from the API. */
export function createKubeLookup(client: KubeClient, informer: Informer<MetricTemplate>): TemplateLookup {
  return {
    async template({ namespace, name }) {
      const known = informer.get(namespace, name);
      if (known !== undefined) return { kind: "found", template: known };
      // The copy may lag behind a template that was applied together with its canary.
      return found(
        () => client.get(metricTemplates, { namespace, name }),
        `metrictemplate.flagger.app ${JSON.stringify(name)} not found`,
        (template) => ({
          kind: "found",
          template,
        }),
      );
    },
    credentials({ namespace, name }) {
      return found(
        () => client.get(resources.secrets, { namespace, name }),
        `secrets ${JSON.stringify(name)} not found`,
        (secret): CredentialsFound => ({
          kind: "found",
          credentials: decode(secret.data ?? {}),
        }),
      );
    },
  };
}

async function found<T, R>(
  get: () => Promise<T>,
  notFound: string,
  result: (object: T) => R,
): Promise<R | { readonly kind: "missing" | "unavailable"; readonly message: string }> {
  try {
    return result(await get());
  } catch (error) {
    if (isKubeError(error, "not_found")) return { kind: "missing", message: notFound };
    if (isKubeError(error, "forbidden")) return { kind: "missing", message: error.message };
    if (isKubeError(error)) return { kind: "unavailable", message: error.message };
    throw error;
  }
}

function decode(data: Readonly<Record<string, string>>): Credentials {
  return new Map(
    Object.entries(data).map(([key, value]) => [key, new Secret(Buffer.from(value, "base64").toString("utf8"))]),
  );
}
