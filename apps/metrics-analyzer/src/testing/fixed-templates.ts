import type { MetricTemplate } from "@burgee/contracts/crd";
import { Secret } from "@burgee/service-kit";
import type { TemplateLookup } from "../metric-templates/template-lookup.ts";

/** Templates and secrets by `namespace/name`; whatever is not listed is missing. */
export function fixedTemplates(o: {
  readonly templates?: Readonly<Record<string, MetricTemplate["spec"]>>;
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}): TemplateLookup {
  return {
    async template({ namespace, name }) {
      const spec = o.templates?.[`${namespace}/${name}`];
      if (spec === undefined) return { kind: "missing", message: `metrictemplate.flagger.app "${name}" not found` };
      return { kind: "found", template: { metadata: { name, namespace, uid: name, resourceVersion: "1" }, spec } };
    },
    async credentials({ namespace, name }) {
      const data = o.secrets?.[`${namespace}/${name}`];
      if (data === undefined) return { kind: "missing", message: `secrets "${name}" not found` };
      return {
        kind: "found",
        credentials: new Map(Object.entries(data).map(([key, value]) => [key, new Secret(value)])),
      };
    },
  };
}
