import type { MetricTemplate } from "@burgee/contracts/crd";
import { findProvider, providerTypes } from "../providers/index.ts";
import type { ProviderSettings } from "../providers/provider.ts";
import { queryTemplateProblem } from "../render-query.ts";

/** A field of a MetricTemplate that is wrong. */
export interface TemplateProblem {
  readonly path: string;
  readonly value: unknown;
  readonly expected: string;
}

/** Everything that is wrong with a template, whatever canary it is used for. Takes what an API server may really return. */
export function templateProblems({ spec }: Pick<MetricTemplate, "spec">): TemplateProblem[] {
  const provider: unknown = spec?.provider;
  if (!isSettings(provider))
    return [{ path: "spec.provider.type", value: undefined, expected: `one of: ${providerTypes.join(", ")}` }];
  return [...providerProblems(provider), ...queryProblems(spec.query)];
}

function isSettings(provider: unknown): provider is ProviderSettings {
  return typeof provider === "object" && provider !== null && "type" in provider && typeof provider.type === "string";
}

function providerProblems(settings: ProviderSettings): TemplateProblem[] {
  const provider = findProvider(settings.type);
  if (provider === undefined) {
    return [{ path: "spec.provider.type", value: settings.type, expected: `one of: ${providerTypes.join(", ")}` }];
  }
  return provider.problems(settings).map((problem) => ({ ...problem, path: `spec.provider.${problem.path}` }));
}

function queryProblems(query: unknown): TemplateProblem[] {
  if (typeof query !== "string" || query.trim() === "") {
    return [
      { path: "spec.query", value: query, expected: "a query of the provider, with {{ }} for the canary's names" },
    ];
  }
  const problem = queryTemplateProblem(query);
  return problem === undefined
    ? []
    : [{ path: "spec.query", value: shorten(query), expected: `a Go template that parses; ${problem}` }];
}

/** `spec.provider.type is "promethius", expected one of: prometheus`, joined by semicolons. */
export function describeProblems(problems: readonly TemplateProblem[]): string {
  return problems
    .map(
      ({ path, value, expected }) =>
        `${path} is ${value === undefined ? "missing" : JSON.stringify(value)}, expected ${expected}`,
    )
    .join("; ");
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
}
