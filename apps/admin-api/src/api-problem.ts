/** What can go wrong for a caller; each code has its HTTP status. */
export const problemStatus = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  unprocessable: 422,
  internal: 500,
  unavailable: 503,
} as const;
export type ProblemCode = keyof typeof problemStatus;

/** One wrong field: what it is and what would be right. */
export interface FieldProblem {
  field: string;
  value?: unknown;
  expected: string;
}

/** An answer that is not a success. The message says what to do; problems name the fields. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly problems: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    o: { problems?: readonly FieldProblem[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(`[${code}] ${message}`, o.cause === undefined ? undefined : { cause: o.cause });
    this.name = "ApiProblem";
    this.code = code;
    this.problems = o.problems ?? [];
    this.retryAfterSeconds = o.retryAfterSeconds;
  }
}

/** A problem about fields; its message lists them. */
export function fieldProblem(code: ProblemCode, ...problems: FieldProblem[]): ApiProblem {
  const text = problems.map((p) => `${p.field} is ${shown(p.value)}, expected ${p.expected}`).join("; ");
  return new ApiProblem(code, text, { problems });
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
