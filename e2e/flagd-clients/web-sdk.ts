import { FlagdWebProvider } from "@openfeature/flagd-web-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { type Client, OpenFeature, type Provider, ProviderEvents } from "@openfeature/web-sdk";
import { type Answer, type ClientKind, type FlagClient, type Question, someFlag } from "./client.ts";

export const flagdWeb: ClientKind = {
  name: "flagd-web-provider",
  open: ({ ports }) =>
    open(
      "flagd-web",
      new FlagdWebProvider({ host: "127.0.0.1", port: ports.evaluation, tls: false, maxDelay: 500 }, quiet),
    ),
};

export const ofrepWeb: ClientKind = {
  name: "ofrep-web-provider",
  open: ({ ports }) =>
    open(
      "ofrep-web",
      new OFREPWebProvider({
        baseUrl: `http://127.0.0.1:${ports.ofrep}`,
        pollInterval: 300,
        changeDetection: "polling",
        cacheMode: "disabled",
      }),
    ),
};

/** The provider tells of every lost connection. */
const quiet = { error() {}, warn() {}, info() {}, debug() {} };

async function open(domain: string, provider: FlagdWebProvider | OFREPWebProvider): Promise<FlagClient> {
  if (!isProvider(provider)) throw new Error(`${domain} is no provider`);
  await OpenFeature.setProviderAndWait(domain, provider, {});
  const client = OpenFeature.getClient(domain);
  const changed: string[] = [];
  client.addHandler(ProviderEvents.ConfigurationChanged, (event) => {
    changed.push(...(event?.flagsChanged ?? [someFlag]));
  });
  let context = "{}";
  return {
    changed: () => changed,
    async ask(question) {
      const wanted = JSON.stringify(question.context ?? {});
      // A browser has one context at a time; a change of it evaluates all flags anew.
      if (wanted !== context) await OpenFeature.setContext(domain, question.context ?? {});
      context = wanted;
      return ask(client, question);
    },
    close: async () => {
      await provider.onClose?.();
    },
  };
}

/** The providers' declarations do not know exactOptionalPropertyTypes. */
function isProvider(value: object): value is Provider {
  return "resolveBooleanEvaluation" in value;
}

function ask(client: Client, { key, fallback }: Question): Answer {
  switch (typeof fallback) {
    case "boolean":
      return client.getBooleanDetails(key, fallback);
    case "string":
      return client.getStringDetails(key, fallback);
    case "number":
      return client.getNumberDetails(key, fallback);
    default:
      return client.getObjectDetails(key, fallback);
  }
}
