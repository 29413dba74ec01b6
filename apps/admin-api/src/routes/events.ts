import Type from "typebox";
import type { AdminContext, AdminServer } from "../admin-context.ts";
import { kinds } from "../kinds.ts";
import { parseCursor } from "../timeline/cursor.ts";
import { sendEvents } from "../timeline/event-stream.ts";
import { answers } from "./documentation.ts";
import { TimelineQuerySchema, timelineFilter } from "./timeline.ts";

const description = `Server-sent events: "entry" carries a timeline entry (as GET /api/timeline lists them), "reset" says that entries were lost
and the timeline is to be read again, "bus" tells that the streams behind it went away or came back. The header Last-Event-ID goes on after an
event. Lines that begin with a colon are signs of life.`;

/** The timeline, as it happens. */
export function eventsRoute(app: AdminServer, context: AdminContext): void {
  app.get(
    "/api/events",
    {
      schema: {
        tags: ["timeline"],
        summary: "Follow the timeline",
        description: description.replaceAll("\n", " "),
        querystring: Type.Object(TimelineQuerySchema, { additionalProperties: false }),
        headers: Type.Object({ "last-event-id": Type.Optional(Type.String()) }),
        response: {
          ...answers({ status: 200, about: "", schema: Type.String() }, "invalid"),
          200: { description: "Events, without end.", content: { "text/event-stream": { schema: Type.String() } } },
        },
      },
    },
    async (request, reply) => {
      const filter = timelineFilter(request.query);
      const { namespace } = filter;
      await context.guard.allow(request, { role: "viewer", verb: "watch", resource: kinds.canaries, namespace });
      reply.hijack();
      context.metrics.eventStreams(1);
      try {
        const cursor = parseCursor(request.headers["last-event-id"]);
        await sendEvents(reply.raw, { context, filter, cursor });
      } finally {
        context.metrics.eventStreams(-1);
      }
    },
  );
}
