import { at } from "./json.ts";
import type { KubeObject } from "./object.ts";
import { labelKeyProblem, labelValueProblem } from "./meta-rules.ts";
import { type ApiError, badRequest } from "./status.ts";

/** Decides whether an object is selected. */
export type Selector = (object: KubeObject) => boolean;

type LabelTest = (labels: Record<string, string>) => boolean;

const tokens = /\s*(!=|==|[=!<>(),]|[^\s=!<>(),]+)/y;

/** Reads the words and signs of a label selector one after the other. */
class Reader {
  readonly #words: string[] = [];
  #at = 0;

  constructor(text: string) {
    tokens.lastIndex = 0;
    for (let found = tokens.exec(text); found; found = tokens.exec(text)) this.#words.push(found[1] ?? "");
  }

  /** The next word without taking it; empty at the end. */
  get next(): string {
    return this.#words[this.#at] ?? "";
  }

  take(): string {
    const word = this.next;
    this.#at++;
    return word;
  }
}

const isSign = (word: string) => /^(!=|==|[=!<>(),]|)$/.test(word);

function unparsable(why: string): ApiError {
  return badRequest(`unable to parse requirement: ${why}`);
}

/** Parses `a=b,c!=d,e in (f,g),!h`. Throws a 400 Status for anything else. */
export function parseLabelSelector(text: string): Selector {
  const reader = new Reader(text);
  const tests: LabelTest[] = [];
  while (reader.next !== "") {
    if (reader.next !== "!" && isSign(reader.next)) {
      throw badRequest(`found '${reader.next}', expected: !, identifier, or 'end of string'`);
    }
    tests.push(requirement(reader));
    if (reader.next === "") break;
    const sign = reader.take();
    if (sign !== ",") {
      const found = ["=", "==", "!="].includes(sign) && reader.next !== "" ? reader.next : sign;
      throw badRequest(`found '${found}', expected: ',' or 'end of string'`);
    }
    if (reader.next !== "!" && isSign(reader.next)) {
      throw badRequest(`found '${reader.next || ","}', expected: identifier after ','`);
    }
  }
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

function requirement(reader: Reader): LabelTest {
  const not = reader.next === "!" ? reader.take() : "";
  const key = reader.take();
  if (isSign(key)) throw unparsable(`found '${key}', expected: identifier`);
  const rule = labelKeyProblem(key);
  if (rule !== undefined) throw unparsable(`<nil>: Invalid value: ${JSON.stringify(key)}: ${rule}`);
  if (not || reader.next === "" || reader.next === ",") return (labels) => (labels[key] !== undefined) === (not === "");
  const operator = reader.take();
  if (operator === "in" || operator === "notin") return setTest(reader, key, operator);
  if (!["=", "==", "!=", "<", ">"].includes(operator)) {
    throw unparsable(`found '${operator}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  if (isSign(reader.next) && reader.next !== "" && reader.next !== ",") {
    throw unparsable(`found '${reader.next}', expected: identifier`);
  }
  const value = reader.next === "" || reader.next === "," ? "" : reader.take();
  if (operator !== "<" && operator !== ">") checkValue(key, value);
  if (operator === "!=") return (labels) => labels[key] !== value;
  if (operator === "<" || operator === ">") return numberTest(key, operator, value);
  return (labels) => labels[key] === value;
}

function checkValue(key: string, value: string): void {
  const rule = labelValueProblem(value);
  if (rule !== undefined) throw unparsable(`values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${rule}`);
}

function numberTest(key: string, operator: "<" | ">", value: string): LabelTest {
  if (!/^-?\d+$/.test(value)) {
    const why = "for 'Gt', 'Lt' operators, the value must be an integer";
    throw unparsable(`values[0]: Invalid value: ${JSON.stringify(value)}: ${why}`);
  }
  return (labels) => (operator === ">" ? Number(labels[key]) > Number(value) : Number(labels[key]) < Number(value));
}

function setTest(reader: Reader, key: string, operator: "in" | "notin"): LabelTest {
  const opening = reader.take();
  if (opening !== "(") throw unparsable(`found '${opening}' expected: '('`);
  const values = new Set<string>();
  while (reader.next !== ")") {
    const word = reader.take();
    if (word === "") throw unparsable("found '', expected: ',' or ')'");
    if (word !== ",") values.add(word);
  }
  reader.take();
  if (values.size === 0) values.add("");
  return operator === "in"
    ? (labels) => labels[key] !== undefined && values.has(labels[key])
    : (labels) => labels[key] === undefined || !values.has(labels[key]);
}

/** Fields a selector may name, besides metadata.name and metadata.namespace, per `plural.group`. */
const selectableFields: Record<string, readonly string[]> = {
  pods: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
    "status.nominatedNodeName",
  ],
  events: eventFields("involvedObject", "source"),
  "events.events.k8s.io": eventFields("regarding", "reportingController"),
  namespaces: ["status.phase"],
  nodes: ["spec.unschedulable"],
  secrets: ["type"],
  services: ["spec.clusterIP", "spec.type"],
  "replicasets.apps": ["status.replicas"],
  "jobs.batch": ["status.successful"],
};

function eventFields(about: string, source: string): string[] {
  const parts = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];
  return [...parts.map((part) => `${about}.${part}`), "reason", "reportingComponent", "type", source];
}

/**
 * Parses `metadata.name=x,status.phase!=Running`. Throws a 400 Status for fields this kind cannot be selected by.
 * `resource` is the plural name, with the group after a dot when there is one; `own`: the fields of a custom kind.
 */
export function parseFieldSelector(
  text: string,
  resource: string,
  own: readonly string[] = selectableFields[resource] ?? [],
): Selector {
  const known = ["metadata.name", "metadata.namespace", ...own];
  const tests = text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part): Selector => {
      const match = /^([\w.]+)(==|=|!=)(.*)$/.exec(part.trim());
      const [, field = "", operator, value = ""] = match ?? [];
      if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      if (!known.includes(field)) throw unknownField(field, resource);
      const path = field.split(".");
      return (object) => (String(at(object, ...path) ?? "") === value) === (operator !== "!=");
    });
  return (object) => tests.every((test) => test(object));
}

function unknownField(field: string, resource: string): ApiError {
  // Kinds with fields of their own and custom kinds put it shorter.
  const plain = !selectableFields[resource] && (!resource.includes(".") || builtInGroup.test(resource));
  if (!plain) return badRequest(`field label not supported: ${field}`);
  return badRequest(`"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`);
}

const builtInGroup = /\.(apps|batch|autoscaling|policy|[^.]+\.k8s\.io|rbac\.authorization\.k8s\.io)$/;
