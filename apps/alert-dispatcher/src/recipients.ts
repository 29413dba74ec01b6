import type { AlertProvider } from "@burgee/contracts/crd";
import type { Informer, KubeClient } from "@burgee/kube";
import { type Alert, routeTakes } from "./alert.ts";
import { AlertError } from "./alert-error.ts";
import { readCredentials } from "./alert-providers/credentials.ts";
import { parseAlertProvider } from "./alert-providers/provider-problems.ts";
import { isProviderType, type ProviderType } from "./providers/index.ts";
import type { Receiver } from "./providers/provider.ts";

/** A receiver that can be posted to now. */
export interface OpenReceiver {
  readonly type: ProviderType;
  readonly receiver: Receiver;
  readonly proxy: string | undefined;
  readonly provider?: AlertProvider;
}

/** Somebody who should get an alert. */
export interface Recipient {
  /** `namespace/name` of the AlertProvider, or `global/slack`. */
  readonly key: string;
  /** Reads the AlertProvider and its Secret as they are now. Rejects with AlertError. */
  open(signal: AbortSignal): Promise<OpenReceiver>;
}

/** Where AlertProviders and their Secrets are read. */
export interface RecipientsOptions {
  readonly client: KubeClient;
  readonly informer: Informer<AlertProvider>;
  /** Used by alerts without routes. */
  readonly global: readonly Recipient[];
  /** Refuse routes to AlertProviders of another namespace than the canary's. */
  readonly noCrossNamespaceRefs: boolean;
}

/** Who gets an alert: the routes that take its severity, or the global notifier when the canary has no routes. */
export function createRecipients(o: RecipientsOptions): (alert: Alert) => readonly Recipient[] {
  return (alert) => {
    if (alert.routes.length === 0) return o.global;
    const keys = new Map<string, Recipient>();
    for (const { severity, providerName: name, providerNamespace: namespace } of alert.routes) {
      const key = `${namespace}/${name}`;
      if (!routeTakes(severity, alert.severity) || keys.has(key)) continue;
      keys.set(key, { key, open: (signal) => openProvider({ ...o, namespace, name, alert, signal }) });
    }
    return [...keys.values()];
  };
}

interface OpenOptions extends RecipientsOptions {
  readonly namespace: string;
  readonly name: string;
  readonly alert: Alert;
  readonly signal: AbortSignal;
}

async function openProvider(o: OpenOptions): Promise<OpenReceiver> {
  const { namespace, name, alert } = o;
  const where = `AlertProvider ${namespace}/${name}`;
  if (o.noCrossNamespaceRefs && namespace !== alert.namespace) {
    throw new AlertError(
      "cross_namespace",
      `${where} is not in namespace ${alert.namespace} of the canary, which --no-cross-namespace-refs demands`,
    );
  }
  await whenSynced(o.informer, o.signal);
  const provider = o.informer.get(namespace, name);
  if (provider === undefined)
    throw new AlertError("provider_missing", `${where} does not exist, expected one as named by spec.analysis.alerts`);
  const outcome = parseAlertProvider(provider.spec);
  if ("problems" in outcome) throw new AlertError("provider_malformed", `${where}: ${outcome.problems.join("; ")}`);
  const { parsed } = outcome;
  if (!isProviderType(parsed.type))
    throw new AlertError("provider_malformed", `${where}: type ${parsed.type} is unknown`);
  const { address, token } = await readCredentials(parsed, o);
  const { channel, username, proxy } = parsed;
  return { type: parsed.type, receiver: { address, token, channel, username }, proxy, provider };
}

async function whenSynced(informer: Informer<AlertProvider>, signal: AbortSignal): Promise<void> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([informer.synced, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
