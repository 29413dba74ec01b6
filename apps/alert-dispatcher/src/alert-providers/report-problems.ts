import type { AlertProvider } from "@burgee/contracts/crd";
import { type EventRecorder, type Informer, type KubeClient, reportSpecProblems } from "@burgee/kube";
import type { Clock, Logger, Part } from "@burgee/service-kit";
import { AlertError } from "../alert-error.ts";
import { alertProviders } from "./alert-provider-resource.ts";
import { readCredentials } from "./credentials.ts";
import { parseAlertProvider } from "./provider-problems.ts";

/** What reporting needs. */
export interface ReportProblemsOptions {
  readonly client: KubeClient;
  readonly informer: Informer<AlertProvider>;
  readonly recorder: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Tells the owner of a malformed AlertProvider, or of one whose Secret cannot be used, what is wrong. */
export function reportProblems(o: ReportProblemsOptions): Part {
  const problemsOf = (provider: AlertProvider) => problemsOfProvider(provider, o.client);
  return reportSpecProblems({
    ...o,
    resource: alertProviders,
    noun: "alert provider",
    logField: "provider",
    problemsOf,
  });
}

/** Informers hand out list items, which carry no kind of their own. */
export function eventTarget(provider: AlertProvider): AlertProvider {
  return { ...provider, apiVersion: "flagger.app/v1beta1", kind: "AlertProvider" };
}

/** What is wrong with the spec or, when that is fine, with the Secret that it names; undefined when that cannot be said now. */
async function problemsOfProvider(provider: AlertProvider, client: KubeClient): Promise<readonly string[] | undefined> {
  const outcome = parseAlertProvider(provider.spec);
  if ("problems" in outcome) return outcome.problems;
  const { name, namespace } = provider.metadata;
  try {
    await readCredentials(outcome.parsed, { client, namespace, name });
    return [];
  } catch (error) {
    if (!(error instanceof AlertError)) throw error;
    return error.code === "kubernetes_away"
      ? undefined
      : [`spec.secretRef.name is ${JSON.stringify(outcome.parsed.secretName)}: ${error.message}`];
  }
}
