import Type from "typebox";
import type { AdminContext, AdminServer } from "../admin-context.ts";
import { fieldProblem } from "../api-problem.ts";
import { kinds } from "../kinds.ts";
import type { TimelineFilter } from "../timeline/timeline-entry.ts";
import { readTimeline } from "../timeline/timeline-history.ts";
import { answers, shared } from "./documentation.ts";

/** Entries of a stream looked at to find those of one canary. */
const scanLimit = 2000;

/** Chooses entries: of one namespace, or of one canary. */
export const TimelineQuerySchema = {
  canary: Type.Optional(Type.String({ description: "namespace/name" })),
  namespace: Type.Optional(Type.String({ minLength: 1 })),
};

/** The filter that a query asks for. Throws the problem `invalid` for a canary that is not `namespace/name`. */
export function timelineFilter(query: { canary?: string; namespace?: string }): TimelineFilter {
  if (query.canary === undefined) return { namespace: query.namespace };
  const [namespace, canary, ...rest] = query.canary.split("/");
  if (namespace && canary && rest.length === 0) return { namespace, canary };
  throw fieldProblem("invalid", { field: "querystring.canary", value: query.canary, expected: "namespace/name" });
}

/** What happened lately. */
export function timelineRoute(app: AdminServer, context: AdminContext): void {
  app.get(
    "/api/timeline",
    {
      schema: {
        tags: ["timeline"],
        summary: "Read the recent history of rollouts, flags and alerts, newest first",
        querystring: Type.Object(
          { ...TimelineQuerySchema, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 100 })) },
          { additionalProperties: false },
        ),
        response: answers(
          { status: 200, about: "Newest first.", schema: Type.Object({ items: Type.Array(shared("TimelineEntry")) }) },
          "invalid",
        ),
      },
    },
    async (request) => {
      const filter = timelineFilter(request.query);
      const { namespace } = filter;
      await context.guard.allow(request, { role: "viewer", verb: "list", resource: kinds.canaries, namespace });
      const { bus, log } = context;
      return { items: await readTimeline(bus, { filter, limit: request.query.limit ?? 100, scanLimit, log }) };
    },
  );
}
