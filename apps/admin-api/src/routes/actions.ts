import { randomUUID } from "node:crypto";
import Type from "typebox";
import type { AdminContext, AdminServer } from "../admin-context.ts";
import { ActionRequestSchema, bypassesAnalysis, WrittenActionSchema } from "../canaries/human-action.ts";
import { writeAction } from "../canaries/write-action.ts";
import { kinds } from "../kinds.ts";
import { answers } from "./documentation.ts";

const description = `Writes the annotation burgee.dev/action. The controller takes it up if run and revision still match and records it,
with its actor, in status.lastAction. promote and skip let a revision go on without a passing analysis and need the role admin.
Repeating a request with the same Idempotency-Key does it once.`;

/** A person's decisions about a rollout. */
export function actionRoutes(app: AdminServer, context: AdminContext): void {
  app.post(
    "/api/canaries/:namespace/:name/actions",
    {
      schema: {
        tags: ["canaries"],
        summary: "Approve, pause, resume, promote, roll back, restart or skip the analysis of a canary",
        description: description.replaceAll("\n", " "),
        params: Type.Object({ namespace: Type.String(), name: Type.String() }),
        headers: Type.Object({ "idempotency-key": Type.Optional(Type.String({ minLength: 1, maxLength: 128 })) }),
        body: ActionRequestSchema,
        response: answers(
          { status: 202, about: "What was written; the controller takes it up.", schema: WrittenActionSchema },
          "invalid",
          "not_found",
          "conflict",
          "unprocessable",
        ),
      },
    },
    async (request, reply) => {
      const role = bypassesAnalysis(request.body.action) ? "admin" : "operator";
      // In a cluster the right to make a revision go on without analysis is the right to update the Canary, not only to patch it.
      const verb = role === "admin" ? "update" : "patch";
      const principal = await context.guard.allow(request, { role, verb, resource: kinds.canaries, ...request.params });
      const { canary, action, written } = await writeAction(context.client, {
        canary: request.params,
        request: request.body,
        id: request.headers["idempotency-key"] ?? randomUUID(),
        actor: principal.name,
        at: new Date(context.clock.now()),
      });
      const { gate, run, revision } = action;
      if (written) {
        context.audit({
          principal,
          action: action.action,
          object: { ...canary, apiVersion: "flagger.app/v1beta1", kind: "Canary" },
          details: { gate, run, revision },
          requestId: request.id,
        });
      }
      return reply.code(202).send(action);
    },
  );
}
