import type { FastifySchemaCompiler, FastifyTypeProvider } from "fastify";
import type { Static, TSchema } from "typebox";
import { Compile } from "typebox/compile";
import Value from "typebox/value";
import { type FieldProblem, fieldProblem } from "./api-problem.ts";

/** Gives handlers the types of their route's schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  serializer: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
}

/** Checks a part of a request. Texts become numbers and booleans only where HTTP has nothing but texts. */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = "body" }) => {
  const validator = Compile(schema);
  return (given: unknown) => {
    const value = httpPart === "body" ? given : Value.Convert(schema, given);
    if (validator.Check(value)) return { value };
    return { error: fieldProblem("invalid", ...problemsFrom(validator.Errors(value), { part: httpPart, value })) };
  };
};

/** What is read of an error of TypeBox. */
interface SchemaError {
  keyword: string;
  instancePath: string;
  params: object;
  message: string;
}

/** One problem a field. */
function problemsFrom(errors: readonly SchemaError[], o: { part: string; value: unknown }): FieldProblem[] {
  const byField = Map.groupBy(errors.flatMap(missingFieldsApart), (error) => error.instancePath);
  return [...byField].map(([pointer, sameField]) => {
    const path = pointer.split("/").slice(1);
    return { field: [o.part, ...path].join("."), value: at(o.value, path), expected: expectedBy(sameField) };
  });
}

function missingFieldsApart(error: SchemaError): SchemaError[] {
  if (error.keyword !== "required") return error.keyword === "additionalProperties" ? [] : [error];
  const names = "requiredProperties" in error.params ? error.params.requiredProperties : [];
  if (!Array.isArray(names)) return [error];
  return names.map((name) => ({ ...error, instancePath: `${error.instancePath}/${name}`, message: "must be a value" }));
}

function expectedBy(errors: readonly SchemaError[]): string {
  const allowed = errors.flatMap(({ params }) =>
    "allowedValues" in params && Array.isArray(params.allowedValues) ? params.allowedValues.map(String) : [],
  );
  if (allowed.length > 0) return `one of: ${allowed.join(", ")}`;
  // A field that is not in the schema has the schema `false`.
  if (errors.some((error) => error.keyword === "boolean")) return "no such field";
  return errors[0]?.message.replace(/^must (be |have |)/, "") ?? "another value";
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null
        ? Object.entries(inner).find(([key]) => key === name)?.[1]
        : undefined,
    value,
  );
}
