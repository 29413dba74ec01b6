import Type from "typebox";
import { type AdminContext, type AdminServer, listed } from "../admin-context.ts";
import { CanaryDetailSchema, CanarySummarySchema, canarySummary } from "../canaries/canary-view.ts";
import { kinds } from "../kinds.ts";
import { answers } from "./documentation.ts";

const tags = ["canaries"];
const byName = (a: { namespace: string; name: string }, b: { namespace: string; name: string }) =>
  `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`);

/** Rollouts, as they are now. */
export function canaryRoutes(app: AdminServer, context: AdminContext): void {
  const { guard, client } = context;
  const read = { role: "viewer", resource: kinds.canaries } as const;

  app.get(
    "/api/canaries",
    {
      schema: {
        tags,
        summary: "List canaries",
        querystring: Type.Object(
          { namespace: Type.Optional(Type.String({ minLength: 1 })) },
          { additionalProperties: false },
        ),
        response: answers({ status: 200, schema: Type.Object({ items: Type.Array(CanarySummarySchema) }) }, "invalid"),
      },
    },
    async (request) => {
      const { namespace } = request.query;
      await guard.allow(request, { ...read, verb: "list", namespace });
      const found = listed(context.canaries).filter(
        (c) => namespace === undefined || c.metadata.namespace === namespace,
      );
      return { items: found.map(canarySummary).sort(byName) };
    },
  );

  app.get(
    "/api/canaries/:namespace/:name",
    {
      schema: {
        tags,
        summary: "Read one canary",
        params: Type.Object({ namespace: Type.String(), name: Type.String() }),
        response: answers({ status: 200, schema: CanaryDetailSchema }, "not_found"),
      },
    },
    async (request) => {
      await guard.allow(request, { ...read, verb: "get", ...request.params });
      const canary = await client.get(kinds.canaries, request.params);
      return { summary: canarySummary(canary), spec: canary.spec, status: canary.status ?? {} };
    },
  );
}
