import Type from "typebox";
import type { AdminContext, AdminServer } from "../admin-context.ts";
import type { Principal } from "../auth/access.ts";
import { findFlag, variantToServe } from "../flags/find-flag.ts";
import { layOverride, type OverrideOwner, removeOverrides } from "../flags/flag-overrides.ts";
import { DirectFlagOrderSchema, type FlagRequest, HookPayloadSchema, parseFlagRequest } from "../flags/flag-request.ts";
import { kinds } from "../kinds.ts";
import { answers } from "./documentation.ts";

const description = `Answers a canary's webhook: metadata.body holds {"flag", "target", "enabled", "variant"}. enabled lays a FlagOverride over
the flag of the canary's namespace, for the canary's pods (target canary) or for everybody (target all); disabled takes the canary's overrides
away again. The FeatureFlag itself is never changed, and doing it twice is doing it once. The same order may be sent directly, with the
canary's name and namespace beside its fields. The namespace is believed because of the token: the controller's, or one with the role operator.`;

const FlagAnswerSchema = Type.Object({
  featureFlag: Type.String(),
  flag: Type.String(),
  target: Type.String(),
  variant: Type.Optional(Type.String({ description: "What is served now; absent when overrides were taken away." })),
  removed: Type.Optional(Type.Integer({ description: "Overrides taken away." })),
  effective: Type.Boolean({ description: "false: the flag's own state is DISABLED, which always wins." }),
});

/** Flags for the time of a rollout. */
export function flagHookRoute(app: AdminServer, context: AdminContext): void {
  const { client, guard } = context;

  app.post(
    "/api/flags",
    {
      schema: {
        tags: ["flags"],
        summary: "Turn a flag on or off for a canary (webhook)",
        description: description.replaceAll("\n", " "),
        response: answers(
          { status: 200, about: "What is served now.", schema: FlagAnswerSchema },
          "invalid",
          "not_found",
          "unprocessable",
        ),
      },
      // Two shapes are accepted, and each wrong field is to be named: the route reads the body itself.
      config: { openApiBody: Type.Union([HookPayloadSchema, DirectFlagOrderSchema]) },
    },
    async (request) => {
      const flagRequest = parseFlagRequest(request.body);
      const { order, canary } = flagRequest;
      const verb = order.enabled ? "create" : "delete";
      const resource = kinds.flagOverrides;
      const principal = await guard.allow(request, { role: "operator", verb, resource, namespace: canary.namespace });
      const owner = await ownerOf(flagRequest);
      const { name: featureFlag } = owner.found.featureFlag.metadata;
      const target = order.target ?? "canary";
      const outcome = order.enabled
        ? { variant: await turnOn(owner, flagRequest) }
        : { removed: await removeOverrides(client, owner, target) };
      tell(principal, {
        owner,
        details: { flag: order.flag, target, ...outcome, environment: order.environment },
        requestId: request.id,
      });
      return { featureFlag, flag: order.flag, target, effective: owner.found.flag.state !== "DISABLED", ...outcome };
    },
  );

  async function ownerOf({ canary: ref, run, order }: FlagRequest): Promise<OverrideOwner> {
    const canary = await client.get(kinds.canaries, ref);
    const { items } = await client.list(kinds.featureFlags, { namespace: ref.namespace });
    return { canary, run: run ?? canary.status?.run ?? 0, found: findFlag(items, order) };
  }

  async function turnOn(owner: OverrideOwner, { order }: FlagRequest): Promise<string> {
    const variant = variantToServe(owner.found, order);
    await layOverride(client, owner, { target: order.target ?? "canary", variant });
    return variant;
  }

  function tell(
    principal: Principal,
    o: { owner: OverrideOwner; details: Record<string, string | number | undefined>; requestId: string },
  ): void {
    const { canary } = o.owner;
    context.audit({
      principal,
      action: "override flag",
      object: { ...canary, apiVersion: "flagger.app/v1beta1", kind: "Canary" },
      details: o.details,
      requestId: o.requestId,
    });
  }
}
