import type { TemplateFunction } from "./go-template/builtin-functions.ts";
import { createTemplate } from "./go-template/render.ts";
import { TemplateError } from "./go-template/template-error.ts";

/** What query templates may name, each by the function of the same name. */
export interface QueryModel {
  readonly name: string;
  readonly namespace: string;
  readonly target: string;
  readonly service: string;
  readonly ingress: string;
  readonly route: string;
  /** Go duration, for example `1m`. */
  readonly interval: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** A rendered query, or what is wrong with its template. */
export type RenderedQuery = { readonly query: string } | { readonly problem: string };

const functionNames: readonly (keyof QueryModel)[] = [
  "name",
  "namespace",
  "target",
  "service",
  "ingress",
  "route",
  "interval",
  "variables",
];

/** Renders a query template with Go's text/template rules (`missingkey=error`) and collapses white space to single spaces. */
export function renderQuery(template: string, model: QueryModel): RenderedQuery {
  try {
    const rendered = createTemplate(template, functionNames).render(functionsFrom(model));
    return { query: rendered.replaceAll(/\s+/g, " ") };
  } catch (error) {
    if (error instanceof TemplateError) return { problem: error.message };
    throw error;
  }
}

/** What is wrong with a query template whatever canary it is rendered for; undefined when it parses. */
export function queryTemplateProblem(template: string): string | undefined {
  try {
    createTemplate(template, functionNames);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}

function functionsFrom(model: QueryModel): Record<string, TemplateFunction> {
  const values = { ...model, variables: new Map(Object.entries(model.variables)) };
  return Object.fromEntries(
    functionNames.map((name): [string, TemplateFunction] => [
      name,
      (args) => {
        if (args.length > 0) throw new Error(`got ${args.length} values, expected none`);
        return values[name];
      },
    ]),
  );
}
