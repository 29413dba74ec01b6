import { type JsonObject, stringsAt } from "../api/json.ts";

/** What somebody wants to do with objects. */
export interface ResourceQuestion {
  verb: string;
  group: string;
  resource: string;
  subresource?: string | undefined;
  name?: string | undefined;
  /** Absent: all namespaces, or something that is in none. */
  namespace?: string | undefined;
}

/** What somebody wants to do with a path that is no object: `get /version`. */
export interface PathQuestion {
  verb: string;
  path: string;
}

export type Question = ResourceQuestion | PathQuestion;

/** Whether a PolicyRule of a role allows it. */
export function ruleAllows(rule: JsonObject, question: Question): boolean {
  if (!includes(stringsAt(rule, "verbs"), question.verb)) return false;
  if ("path" in question) return stringsAt(rule, "nonResourceURLs").some((url) => coversPath(url, question.path));
  const { group, name = "" } = question;
  const names = stringsAt(rule, "resourceNames");
  return (
    includes(stringsAt(rule, "apiGroups"), group) &&
    stringsAt(rule, "resources").some((entry) => coversResource(entry, question)) &&
    (names.length === 0 || names.includes(name))
  );
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes("*") || list.includes(value);
}

function coversResource(entry: string, { resource, subresource }: ResourceQuestion): boolean {
  if (entry === "*") return true;
  if (!subresource) return entry === resource;
  return entry === `${resource}/${subresource}` || entry === `*/${subresource}`;
}

function coversPath(url: string, path: string): boolean {
  return url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1)));
}

/**
 * The parts of the wanted rules that the owned rules do not allow, as rules with one verb, group, resource and name each.
 */
export function uncovered(owned: readonly JsonObject[], wanted: readonly JsonObject[]): JsonObject[] {
  return wanted.flatMap(atomsOf).filter((atom) => !owned.some((rule) => ruleAllows(rule, questionOf(atom))));
}

function atomsOf(rule: JsonObject): JsonObject[] {
  const names = stringsAt(rule, "resourceNames").map((name) => ({ resourceNames: [name] }));
  return stringsAt(rule, "verbs").flatMap((verb) => [
    ...stringsAt(rule, "apiGroups").flatMap((group) =>
      stringsAt(rule, "resources").flatMap((resource) =>
        (names.length > 0 ? names : [{}]).map((named) => ({
          ...{ apiGroups: [group], resources: [resource], ...named, verbs: [verb] },
        })),
      ),
    ),
    ...stringsAt(rule, "nonResourceURLs").map((url) => ({ nonResourceURLs: [url], verbs: [verb] })),
  ]);
}

/** A star is a name like others here: only a star covers it. */
function questionOf(atom: JsonObject): Question {
  const [verb = ""] = stringsAt(atom, "verbs");
  const [path] = stringsAt(atom, "nonResourceURLs");
  if (path !== undefined) return { verb, path };
  const [group = ""] = stringsAt(atom, "apiGroups");
  const [resource = "", subresource] = (stringsAt(atom, "resources")[0] ?? "").split("/");
  return { verb, group, resource, subresource, name: stringsAt(atom, "resourceNames")[0] };
}
