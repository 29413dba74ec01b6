import { FlagdProvider } from "@openfeature/flagd-provider";
import { OFREPProvider } from "@openfeature/ofrep-provider";
import { type Client, OpenFeature, type Provider, ProviderEvents } from "@openfeature/server-sdk";
import type { Answer, ClientKind, FlagClient, Question } from "./client.ts";

/** Providers of OpenFeature's server SDK. Short waits, so that a killed server is found again soon. */
const soon = { host: "127.0.0.1", deadlineMs: 2_000, retryBackoffMs: 100, retryBackoffMaxMs: 500 };

export const flagdRpc: ClientKind = {
  name: "flagd-provider, rpc",
  open: ({ ports }) =>
    open("rpc", new FlagdProvider({ ...soon, port: ports.evaluation, resolverType: "rpc", cache: "disabled" })),
};

export const flagdRpcCached: ClientKind = {
  name: "flagd-provider, rpc with its cache",
  open: ({ ports }) =>
    open("rpc-cached", new FlagdProvider({ ...soon, port: ports.evaluation, resolverType: "rpc", cache: "lru" })),
};

export const flagdInProcess: ClientKind = {
  name: "flagd-provider, in-process",
  open: ({ ports }) => open("in-process", new FlagdProvider({ ...soon, port: ports.sync, resolverType: "in-process" })),
};

export const ofrepServer: ClientKind = {
  name: "ofrep-provider",
  open: async ({ ports }) => {
    const { changed: _, ...client } = await open(
      "ofrep",
      new OFREPProvider({ baseUrl: `http://127.0.0.1:${ports.ofrep}` }),
    );
    return client;
  },
};

/** The same provider over TLS or a Unix socket, which are told by these options. */
export function flagdOver(name: string, options: ConstructorParameters<typeof FlagdProvider>[0]): ClientKind {
  return { name, open: () => open(name, new FlagdProvider({ ...soon, cache: "disabled", ...options })) };
}

async function open(domain: string, provider: Provider): Promise<FlagClient> {
  await OpenFeature.setProviderAndWait(domain, provider);
  const client = OpenFeature.getClient(domain);
  const changed: string[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (event) => {
    changed.push(...(event?.flagsChanged ?? []));
  });
  return {
    ask: (question) => ask(client, question),
    changed: () => changed,
    // Only the one: the others share the SDK's one API object.
    close: async () => {
      await provider.onClose?.();
    },
  };
}

async function ask(client: Client, { key, fallback, context = {} }: Question): Promise<Answer> {
  switch (typeof fallback) {
    case "boolean":
      return client.getBooleanDetails(key, fallback, context);
    case "string":
      return client.getStringDetails(key, fallback, context);
    case "number":
      return client.getNumberDetails(key, fallback, context);
    default:
      return client.getObjectDetails(key, fallback, context);
  }
}
