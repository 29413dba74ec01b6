import type { SwaggerTransform } from "@fastify/swagger";
import { version } from "@burgee/service-kit";
import type Type from "typebox";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Documents the body of a route that validates it by itself. */
    openApiBody?: Type.TSchema;
  }
}

/** What the document says beside the routes. */
export const openApiInfo = {
  openapi: "3.1.0" as const,
  info: {
    title: "Burgee admin API",
    description: "Rollouts, feature flags and their timeline.",
    version,
    license: { name: "Apache-2.0", identifier: "Apache-2.0" },
  },
  components: { securitySchemes: { bearer: { type: "http" as const, scheme: "bearer" } } },
  security: [{ bearer: [] }],
};

/** Puts the documented body of a route where the generator looks for it. */
export const withBody: SwaggerTransform = ({ schema, url, route }) => {
  const body = route.config?.openApiBody;
  return { url, schema: body === undefined ? schema : { ...schema, body } };
};

/** Shared schemas keep their names in the document. */
export function buildLocalReference(json: { $id?: unknown }): string {
  return String(json.$id);
}
