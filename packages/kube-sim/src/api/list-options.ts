import { type ApiError, ApiError as Refusal, badRequest, type FieldProblem, invalidOption } from "./status.ts";

const matches = ["Exact", "NotOlderThan"];

/**
 * Throws for options of a list or watch that are no numbers or contradict each other: 422 naming the option, 400 for
 * what is not a number; a watch answers 500 to a version that is none, as the API server does.
 */
export function checkListOptions(query: URLSearchParams, kind: "list" | "watch"): void {
  for (const name of ["limit", "timeoutSeconds"]) wholeNumber(query, name);
  const [problem, ...more] = kind === "list" ? listProblems(query) : watchProblems(query);
  if (problem) throw invalidOption("ListOptions", problem, ...more);
  const version = query.get("resourceVersion") ?? "";
  if (version !== "" && !/^\d+$/.test(version)) throw notAVersion(version, kind);
}

/** A parameter of a query as a number; undefined when it is not given. Throws 400 for anything else. */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function notAVersion(version: string, kind: "list" | "watch"): ApiError {
  const text = JSON.stringify(version);
  const why = `resourceVersion: Invalid value: ${text}: strconv.ParseUint: parsing ${text}: invalid syntax`;
  return kind === "watch" ? new Refusal(500, "", why) : badRequest(`invalid resource version: ${why}`);
}

function forbiddenMatch(detail: string): FieldProblem {
  return { type: "Forbidden", field: "resourceVersionMatch", detail };
}

function unknownMatch(value: string, ...known: readonly string[]): FieldProblem {
  const list = known.map((word) => JSON.stringify(word)).join(", ");
  return { type: "NotSupported", field: "resourceVersionMatch", value, detail: `supported values: ${list}` };
}

function listProblems(query: URLSearchParams): FieldProblem[] {
  const [match, version] = [query.get("resourceVersionMatch"), query.get("resourceVersion")];
  if (query.has("sendInitialEvents")) {
    const detail = "sendInitialEvents is forbidden for list";
    return [{ type: "Forbidden", field: "sendInitialEvents", detail }];
  }
  if (!match) return [];
  if (query.get("continue")) return [forbiddenMatch("resourceVersionMatch is forbidden when continue is provided")];
  if (!version) return [forbiddenMatch("resourceVersionMatch is forbidden unless resourceVersion is provided")];
  if (!matches.includes(match)) return [unknownMatch(match, ...matches, "")];
  if (match === "Exact" && version === "0") {
    return [forbiddenMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')];
  }
  return [];
}

function watchProblems(query: URLSearchParams): FieldProblem[] {
  const match = query.get("resourceVersionMatch") ?? "";
  if (!query.has("sendInitialEvents")) {
    const detail = "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided";
    return match ? [forbiddenMatch(detail)] : [];
  }
  if (match === "NotOlderThan") return [];
  const problem = forbiddenMatch("sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
  return match ? [problem, unknownMatch(match, "NotOlderThan")] : [problem];
}
