import Type, { type Static } from "typebox";
import Value from "typebox/value";
import { type FieldProblem, fieldProblem } from "../api-problem.ts";
import { oneOf } from "../one-of.ts";

const nonEmpty = Type.String({ minLength: 1 });

/** What a hook's `metadata.body` says. */
const FlagOrderSchema = Type.Object({
  flag: Type.String({ minLength: 1, description: "Key of the flag." }),
  enabled: Type.Boolean({ description: "true: override the flag; false: take the overrides away." }),
  target: Type.Optional(oneOf(["canary", "all"], "Who gets the variant; canary by default.")),
  variant: Type.Optional(
    Type.String({ minLength: 1, description: "Without it the variant that is true, or else named on." }),
  ),
  environment: Type.Optional(
    Type.String({ description: "Noted in the log; the namespace decides which flag is meant." }),
  ),
  featureFlag: Type.Optional(
    Type.String({ minLength: 1, description: "FeatureFlag object, when several hold the key." }),
  ),
});
export type FlagOrder = Static<typeof FlagOrderSchema>;

/** The order given directly, with the canary on whose behalf it is. */
export const DirectFlagOrderSchema = Type.Object({
  ...FlagOrderSchema.properties,
  name: Type.String({ minLength: 1, description: "Canary that owns the override." }),
  namespace: Type.String({ minLength: 1, description: "Namespace of the canary and of the flag." }),
});

/** The controller's webhook payload; what else is in it is ignored. */
export const HookPayloadSchema = Type.Object({
  name: Type.String({ minLength: 1, description: "Name of the canary." }),
  namespace: nonEmpty,
  phase: Type.Optional(Type.String()),
  checksum: Type.Optional(Type.String()),
  run: Type.Optional(Type.Integer({ minimum: 0 })),
  metadata: Type.Object({
    method: Type.Optional(Type.String()),
    body: Type.Union([Type.String(), Type.Unsafe<object>({ type: "object" })], {
      description: "A flag order, as JSON text or as an object.",
    }),
  }),
});

export interface FlagRequest {
  canary: { namespace: string; name: string };
  run: number | undefined;
  order: FlagOrder;
}

/** Reads either form; throws a problem that names each wrong field. */
export function parseFlagRequest(body: unknown): FlagRequest {
  if (isRecord(body) && "metadata" in body) return fromHook(body);
  if (!Value.Check(DirectFlagOrderSchema, body))
    throw fieldProblem("invalid", ...problemsOf(DirectFlagOrderSchema, body, "body"));
  const { name, namespace, ...order } = body;
  return { canary: { namespace, name }, run: undefined, order };
}

function fromHook(body: Record<string, unknown>): FlagRequest {
  if (!Value.Check(HookPayloadSchema, body))
    throw fieldProblem("invalid", ...problemsOf(HookPayloadSchema, body, "body"));
  const { name, namespace, run, metadata } = body;
  const method = metadata.method ?? "POST";
  if (method.toUpperCase() !== "POST") {
    throw fieldProblem("invalid", { field: "body.metadata.method", value: method, expected: "POST, or nothing" });
  }
  const order = typeof metadata.body === "string" ? parseJson(metadata.body) : metadata.body;
  const where = "body.metadata.body";
  if (!Value.Check(FlagOrderSchema, order)) throw fieldProblem("invalid", ...problemsOf(FlagOrderSchema, order, where));
  return { canary: { namespace, name }, run, order };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (err) {
    if (!(err instanceof SyntaxError)) throw err;
    const expected = 'a JSON object such as {"flag": "new-algorithm", "target": "canary", "enabled": true}';
    throw fieldProblem("invalid", { field: "body.metadata.body", value: text.trim(), expected });
  }
}

function problemsOf(schema: Type.TObject, value: unknown, where: string): FieldProblem[] {
  if (!isRecord(value)) return [{ field: where, value, expected: "a JSON object" }];
  const fields = Object.entries(schema.properties).filter(([name, field]) => {
    const missing = !Object.hasOwn(value, name);
    return missing ? schema.required?.includes(name) : !Value.Check(field, value[name]);
  });
  return fields.map(([name, field]) => ({
    field: `${where}.${name}`,
    value: value[name],
    expected: expectationOf(field),
  }));
}

function expectationOf(schema: Type.TSchema & { type?: string; enum?: readonly string[] }): string {
  if (schema.enum !== undefined) return `one of: ${schema.enum.join(", ")}`;
  const kinds: Record<string, string> = {
    string: "a text that is not empty",
    boolean: "true or false",
    integer: "a whole number",
  };
  return kinds[schema.type ?? ""] ?? "an object with method and body";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
