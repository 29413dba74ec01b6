import { templateProviderText, templateRenderText, templateSecretText, templateText } from "@burgee/judge";
import type { MetricTemplate } from "@burgee/contracts/crd";
import { describeProblems, templateProblems } from "../metric-templates/template-problems.ts";
import { findProvider } from "../providers/index.ts";
import type { Credentials, MetricProvider } from "../providers/provider.ts";
import { renderQuery } from "../render-query.ts";
import { findingFromAnswer, invalid, type MeasuringContext, unreachable } from "./context.ts";
import type { Finding } from "./finding.ts";
import { intervalMsOf, type Measurement } from "./plan.ts";

/** A metric whose provider and query come from a MetricTemplate. Secrets are read from the template's namespace. */
export async function measureTemplate(measurement: Measurement, context: MeasuringContext): Promise<Finding> {
  const { metric, model } = measurement;
  const name = { name: metric.templateRef?.name ?? "", namespace: metric.templateRef?.namespace || model.namespace };
  const found = await context.templates.template(name);
  if (found.kind !== "found")
    return (found.kind === "missing" ? invalid : unreachable)(templateText(name, found.message));

  const { provider: settings, query } = found.template.spec;
  const usable = usableProvider(found.template);
  if ("problem" in usable) return invalid(usable.problem);

  const credentials = await credentialsFor(found.template, context);
  if ("finding" in credentials) return credentials.finding;
  const lacking = credentials.found === undefined ? undefined : usable.provider.credentialProblem(credentials.found);
  if (lacking !== undefined) return invalid(templateProviderText(name, settings.type, lacking));

  const rendered = renderQuery(query, model);
  if ("problem" in rendered) return invalid(templateRenderText(name, rendered.problem));
  const { ask, at, signal } = context;
  const answer = await ask(usable.provider, {
    settings,
    credentials: credentials.found,
    text: rendered.query,
    at,
    intervalMs: intervalMsOf(model),
    signal,
  });
  return findingFromAnswer(answer, metric.name, { from: "template" });
}

/** The provider of a template that has no problems of its own. */
function usableProvider(template: MetricTemplate): { provider: MetricProvider } | { problem: string } {
  const problems = templateProblems(template);
  const provider = problems.length === 0 ? findProvider(template.spec.provider.type) : undefined;
  return provider === undefined
    ? { problem: templateText(template.metadata, describeProblems(problems)) }
    : { provider };
}

async function credentialsFor(
  { metadata: { name, namespace }, spec }: MetricTemplate,
  { templates }: MeasuringContext,
): Promise<{ found: Credentials | undefined } | { finding: Finding }> {
  const secret = spec.provider.secretRef?.name;
  if (secret === undefined) return { found: undefined };
  const result = await templates.credentials({ namespace, name: secret });
  if (result.kind === "found") return { found: result.credentials };
  const text = templateSecretText({ name, namespace }, secret, result.message);
  return { finding: result.kind === "missing" ? invalid(text) : unreachable(text) };
}
