import { at } from "./json.ts";
import type { KubeObject } from "./object.ts";
import { badRequest } from "./status.ts";

/** Decides whether an object is selected. */
export type Selector = (object: KubeObject) => boolean;

type LabelTest = (labels: Record<string, string>) => boolean;

const setRequirement = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/;
const equality = /^([^\s!=<>]+)\s*(==|=|!=|<|>)\s*(\S*)$/;
const existence = /^(!?)\s*([A-Za-z0-9][\w./-]*)$/;

/** Parses `a=b,c!=d,e in (f,g),!h`. Throws a 400 Status for anything else. */
export function parseLabelSelector(text: string): Selector {
  const tests = splitOutsideParentheses(text).map(labelTest);
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

function labelTest(part: string): LabelTest {
  const set = setRequirement.exec(part);
  if (set) {
    const [, key = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    return operator === "in"
      ? (labels) => labels[key] !== undefined && values.has(labels[key])
      : (labels) => labels[key] === undefined || !values.has(labels[key]);
  }
  const pair = equality.exec(part);
  if (pair) {
    const [, key = "", operator, value = ""] = pair;
    if (operator === "!=") return (labels) => labels[key] !== value;
    if (operator === ">") return (labels) => Number(labels[key]) > Number(value);
    if (operator === "<") return (labels) => Number(labels[key]) < Number(value);
    return (labels) => labels[key] === value;
  }
  const presence = existence.exec(part);
  if (presence) {
    const [, not, key = ""] = presence;
    return (labels) => (labels[key] !== undefined) === (not === "");
  }
  throw badRequest(
    `unable to parse requirement: labelSelector has "${part}", expected key=value, key in (a,b) or !key`,
  );
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let current = "";
  for (const char of text) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === "," && depth === 0) {
      parts.push(current);
      current = "";
    } else current += char;
  }
  parts.push(current);
  return parts.map((part) => part.trim()).filter((part) => part !== "");
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
 * `resource` is the plural name, with the group after a dot when there is one.
 */
export function parseFieldSelector(text: string, resource: string): Selector {
  const known = ["metadata.name", "metadata.namespace", ...(selectableFields[resource] ?? [])];
  const tests = text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part): Selector => {
      const match = /^([\w.]+)(==|=|!=)(.*)$/.exec(part.trim());
      const [, field = "", operator, value = ""] = match ?? [];
      if (!match) throw badRequest(`unable to parse field selector "${part}", expected field=value or field!=value`);
      if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`);
      const path = field.split(".");
      return (object) => (String(at(object, ...path) ?? "") === value) === (operator !== "!=");
    });
  return (object) => tests.every((test) => test(object));
}
