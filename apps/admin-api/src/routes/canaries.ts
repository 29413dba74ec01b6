import Type from "typebox";
import { type AdminContext, type AdminServer, listed } from "../admin-context.ts";
import { canarySummary } from "../canaries/canary-view.ts";
import { kinds } from "../kinds.ts";
import { answers, shared } from "./documentation.ts";

const tags = ["canaries"];
const CanaryDetailSchema = Type.Object({
  summary: shared("Canary"),
  spec: Type.Unsafe<object>({ type: "object", description: "As written." }),
  status: Type.Unsafe<object>({ type: "object", description: "As recorded by the controller." }),
});
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
        response: answers(
          { status: 200, about: "All of them, by name.", schema: Type.Object({ items: Type.Array(shared("Canary")) }) },
          "invalid",
        ),
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
        response: answers({ status: 200, about: "The canary.", schema: CanaryDetailSchema }, "not_found"),
      },
    },
    async (request) => {
      await guard.allow(request, { ...read, verb: "get", ...request.params });
      const canary = await client.get(kinds.canaries, request.params);
      return { summary: canarySummary(canary), spec: canary.spec, status: canary.status ?? {} };
    },
  );
}
