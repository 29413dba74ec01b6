/** One reason for a refusal: what is wrong, and at which field. */
export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

/** The body of every answer that is not an object. */
export interface StatusBody {
  kind: "Status";
  apiVersion: "v1";
  metadata: object;
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

/** A refused request. `body` is what the client reads. */
export class ApiError extends Error {
  readonly code: number;
  readonly body: StatusBody;

  constructor(code: number, reason: string, message: string, details?: StatusBody["details"]) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.body = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason && { reason }),
      ...(details && { details }),
      code,
    };
  }
}

/** What messages need to know of a resource. */
interface Named {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualified(resource: Named): string {
  return resource.group ? `${resource.plural}.${resource.group}` : resource.plural;
}

function details(resource: Named, name: string, causes?: StatusCause[]): NonNullable<StatusBody["details"]> {
  return {
    ...(name && { name }),
    ...(resource.group && { group: resource.group }),
    kind: resource.plural,
    ...(causes && { causes }),
  };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, "NotFound", `${qualified(resource)} "${name}" not found`, details(resource, name));
}

/** The answer for a path below which nothing is served at all: no Status, but a line of text. */
export class PageNotFound extends ApiError {
  readonly text = "404 page not found\n";

  constructor() {
    super(404, "NotFound", "404 page not found");
  }
}

/** The answer for a path that nothing serves. */
export function noSuchResource(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", {});
}

/** 409: the name is taken. `isDeleted`: by an object that waits for its finalizers. */
export function alreadyExists(resource: Named, name: string, isDeleted: boolean): ApiError {
  const message = `${isDeleted ? "object is being deleted: " : ""}${qualified(resource)} "${name}" already exists`;
  return new ApiError(409, "AlreadyExists", message, details(resource, name));
}

const modified = "the object has been modified; please apply your changes to the latest version and try again";

/** 409: the caller decided on an older version of the object, or on another object of that name. */
export function conflict(resource: Named, name: string, why: string = modified): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError(409, "Conflict", message, details(resource, name));
}

/** 409 of server-side apply: other managers own the fields named in the causes. */
export function applyConflict(causes: StatusCause[]): ApiError {
  const [first] = causes;
  const count = causes.length;
  if (first && count === 1) {
    return new ApiError(409, "Conflict", `Apply failed with 1 conflict: ${first.message}: ${first.field}`, { causes });
  }
  const managers = [...new Set(causes.map((cause) => cause.message ?? ""))];
  const lists = managers.map((manager) => {
    const fields = causes.filter((cause) => cause.message === manager).map((cause) => `- ${cause.field}`);
    return `${manager.replace("conflict with", "conflicts with")}:\n${fields.join("\n")}`;
  });
  return new ApiError(409, "Conflict", `Apply failed with ${count} conflicts: ${lists.join("\n")}`, { causes });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function forbidden(resource: Named, name: string, why: string, causes?: StatusCause[]): ApiError {
  const message = `${qualified(resource)} "${name}" is forbidden: ${why}`;
  return new ApiError(403, "Forbidden", message, details(resource, name, causes));
}

export function methodNotAllowed(): ApiError {
  return new ApiError(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {});
}

/** 415. `unknown`: what is not read here though a cluster reads it. */
export function unsupportedMediaType(known: readonly string[], unknown?: string): ApiError {
  const types = known.join(", ");
  const message = `the body of the request was in an unknown format - accepted media types include: ${types}${unknown ? `; kube-sim does not read ${unknown}` : ""}`;
  return new ApiError(415, "UnsupportedMediaType", message);
}

/** 415 for a patch of a built-in kind: which types there are is not told. */
export function unsupportedPatch(): ApiError {
  return new ApiError(415, "UnsupportedMediaType", "415: Unsupported Media Type", {});
}

/** 422 for a patch that cannot be carried out. The API server does not say why. */
export function inapplicablePatch(): ApiError {
  return new ApiError(422, "Invalid", "the server rejected our request due to an error in our request", {});
}

/** 422 for what a patch makes of an object. */
export function invalidPatch(result: unknown, why: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(result))}: ${why}`;
  const causes = [{ reason: "FieldValueInvalid", message, field: "patch" }];
  return new ApiError(422, "Invalid", ` "" is invalid: patch: ${message}`, { causes });
}

/** 410: the history no longer reaches back to that version; list again. */
export function expired(message: string): ApiError {
  return new ApiError(410, "Expired", message);
}

/** 422: an option of the request has a value that it cannot have. `kind`: CreateOptions, PatchOptions, … */
export function invalidOption(kind: string, ...problems: readonly FieldProblem[]): ApiError {
  return invalid({ group: "meta.k8s.io", plural: "", kind }, "", problems);
}

/** 406: none of the representations a client accepts is one that there is. */
export function notAcceptable(): ApiError {
  return new ApiError(406, "NotAcceptable", "406: Not Acceptable\n\nAvailable representations: application/json", {});
}

/** 504, as the API server answers those who ask for a version that is yet to come. */
export function tooLargeVersion(asked: number, newest: number): ApiError {
  const message = `Too large resource version: ${asked}, current: ${newest}`;
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return new ApiError(504, "Timeout", message, { causes, retryAfterSeconds: 1 });
}

export function notImplemented(what: string): ApiError {
  return new ApiError(501, "NotImplemented", `kube-sim does not do this: ${what}`);
}

/** What is wrong with a field, in the words of the API server. */
export interface FieldProblem {
  type:
    | "Required"
    | "Invalid"
    | "NotSupported"
    | "NotFound"
    | "Duplicate"
    | "TypeInvalid"
    | "Forbidden"
    | "TooLong"
    | "TooMany";
  field: string;
  value?: unknown;
  detail: string;
}

const problemWords: Record<FieldProblem["type"], { reason: string; words: string }> = {
  Required: { reason: "FieldValueRequired", words: "Required value" },
  Invalid: { reason: "FieldValueInvalid", words: "Invalid value" },
  NotFound: { reason: "FieldValueNotFound", words: "Not found" },
  TypeInvalid: { reason: "FieldValueTypeInvalid", words: "Invalid value" },
  NotSupported: { reason: "FieldValueNotSupported", words: "Unsupported value" },
  Duplicate: { reason: "FieldValueDuplicate", words: "Duplicate value" },
  Forbidden: { reason: "FieldValueForbidden", words: "Forbidden" },
  TooLong: { reason: "FieldValueTooLong", words: "Too long" },
  TooMany: { reason: "FieldValueTooMany", words: "Too many" },
};

function sentence(problem: FieldProblem): string {
  const { words } = problemWords[problem.type];
  const shown =
    problem.value === undefined || problem.type === "Required" || problem.type === "Forbidden"
      ? ""
      : `: ${JSON.stringify(problem.value)}`;
  return `${words}${shown}${problem.detail ? `: ${problem.detail}` : ""}`;
}

/** 422: the object breaks its schema or its kind's rules; every problem is a cause with its path. */
export function invalid(resource: Named, name: string, problems: readonly FieldProblem[]): ApiError {
  const causes = problems.map((problem) => ({
    reason: problemWords[problem.type].reason,
    message: sentence(problem),
    field: problem.field,
  }));
  const lines = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const kind = resource.group ? `${resource.kind}.${resource.group}` : resource.kind;
  const text = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  return new ApiError(422, "Invalid", `${kind} "${name}" is invalid: ${text}`, {
    ...(name && { name }),
    ...(resource.group && { group: resource.group }),
    kind: resource.kind,
    causes,
  });
}
