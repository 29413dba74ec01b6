import swagger from "@fastify/swagger";
import fastify from "fastify";
import type { AdminContext, AdminServer } from "./admin-context.ts";
import { ApiProblem, problemStatus } from "./api-problem.ts";
import { buildLocalReference, openApiInfo, withBody } from "./openapi.ts";
import { problemFrom } from "./problem-from.ts";
import { actionRoutes } from "./routes/actions.ts";
import { canaryRoutes } from "./routes/canaries.ts";
import { sharedSchemas } from "./routes/documentation.ts";
import { eventsRoute } from "./routes/events.ts";
import { flagHookRoute } from "./routes/flag-hook.ts";
import { flagRoutes } from "./routes/flags.ts";
import { timelineRoute } from "./routes/timeline.ts";
import { compileValidator, type TypeBoxProvider } from "./validate.ts";

/** Routes that need no token. */
const openRoutes = ["/openapi.json"];

/** The REST API, not yet listening. */
export async function createServer(context: AdminContext): Promise<AdminServer> {
  const app: AdminServer = fastify({
    bodyLimit: 64 * 1024,
    genReqId: () => crypto.randomUUID(),
  }).withTypeProvider<TypeBoxProvider>();
  app.setValidatorCompiler(compileValidator);
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(swagger, { openapi: openApiInfo, transform: withBody, refResolver: { buildLocalReference } });
  for (const [$id, schema] of Object.entries(sharedSchemas)) app.addSchema({ ...schema, $id });

  app.addHook("onRequest", async (request) => {
    if (!openRoutes.includes(request.url)) await context.guard.identify(request);
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const route = routeOptions.url ?? "unknown";
    context.metrics.request({ method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });
  app.setNotFoundHandler((request) => {
    throw new ApiProblem(
      "not_found",
      `${request.method} ${request.url.split("?")[0]} is not served; GET /openapi.json lists what is`,
    );
  });
  app.setErrorHandler((thrown, request, reply) => {
    const problem = problemFrom(thrown);
    const status = problemStatus[problem.code];
    if (status >= 500)
      context.log.error(
        { err: problem.cause ?? problem, requestId: request.id, route: request.routeOptions.url },
        "request failed",
      );
    if (problem.retryAfterSeconds !== undefined) reply.header("retry-after", problem.retryAfterSeconds);
    const { code, message, problems } = problem;
    reply.code(status).send({ error: { code, message, problems } });
  });

  for (const routes of [canaryRoutes, actionRoutes, flagRoutes, flagHookRoute, timelineRoute, eventsRoute])
    routes(app, context);
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
  await app.ready();
  return app;
}
