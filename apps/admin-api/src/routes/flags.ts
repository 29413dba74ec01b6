import Type from "typebox";
import { type AdminContext, type AdminServer, listed } from "../admin-context.ts";
import { ApiProblem } from "../api-problem.ts";
import { flagViews } from "../flags/flag-view.ts";
import { editFlag, FlagEditSchema } from "../flags/toggle-flag.ts";
import { kinds } from "../kinds.ts";
import { answers, shared } from "./documentation.ts";

const tags = ["flags"];

/** Flags as people see and edit them. */
export function flagRoutes(app: AdminServer, context: AdminContext): void {
  const { guard, client, clock } = context;

  app.get(
    "/api/flags",
    {
      schema: {
        tags,
        summary: "List feature flags with the overrides laid over them",
        querystring: Type.Object(
          { namespace: Type.Optional(Type.String({ minLength: 1 })) },
          { additionalProperties: false },
        ),
        response: answers(
          { status: 200, about: "All of them.", schema: Type.Object({ items: Type.Array(shared("Flag")) }) },
          "invalid",
        ),
      },
    },
    async (request) => {
      const { namespace } = request.query;
      await guard.allow(request, { role: "viewer", verb: "list", resource: kinds.featureFlags, namespace });
      const overrides = listed(context.flagOverrides);
      const items = listed(context.featureFlags)
        .filter((f) => namespace === undefined || f.metadata.namespace === namespace)
        .flatMap((f) => flagViews(f, overrides, clock.now()));
      return { items };
    },
  );

  app.patch(
    "/api/flags/:namespace/:featureFlag/:key",
    {
      schema: {
        tags,
        summary: "Edit a flag: its state or its default variant",
        description: "Changes the user's own FeatureFlag. Where a GitOps tool owns it, the tool will put it back.",
        params: Type.Object({ namespace: Type.String(), featureFlag: Type.String(), key: Type.String() }),
        body: FlagEditSchema,
        response: answers(
          { status: 200, about: "The flag as it is now.", schema: shared("Flag") },
          "invalid",
          "not_found",
          "conflict",
          "unprocessable",
        ),
      },
    },
    async (request) => {
      const { namespace, featureFlag: name, key } = request.params;
      const resource = kinds.featureFlags;
      const principal = await guard.allow(request, { role: "operator", verb: "patch", resource, namespace, name });
      const featureFlag = await editFlag(client, request.params, request.body);
      const { state, defaultVariant } = request.body;
      context.audit({
        principal,
        action: "edit flag",
        object: { ...featureFlag, apiVersion: "core.openfeature.dev/v1beta1", kind: "FeatureFlag" },
        details: { flag: key, state, defaultVariant },
        requestId: request.id,
      });
      const { items: overrides } = await client.list(kinds.flagOverrides, { namespace });
      const view = flagViews(featureFlag, overrides, clock.now()).find((flag) => flag.key === key);
      if (view === undefined) throw new ApiProblem("not_found", `flag ${key} was deleted meanwhile`);
      return view;
    },
  );
}
