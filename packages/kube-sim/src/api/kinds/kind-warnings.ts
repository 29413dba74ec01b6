import { type JsonObject, objectAt, objectsAt } from "../json.ts";
import type { KubeObject } from "../object.ts";

/** What no controller here does anything with. */
const idle: Readonly<Record<string, string>> = {
  "batch/v1 jobs": "kube-sim runs no Jobs: this one stays an object",
  "batch/v1 cronjobs": "kube-sim runs no CronJobs: this one stays an object",
  "autoscaling/v1 horizontalpodautoscalers": "kube-sim has no metrics to scale by: this autoscaler stays an object",
  "autoscaling/v2 horizontalpodautoscalers": "kube-sim has no metrics to scale by: this autoscaler stays an object",
  "v1 resourcequotas": "kube-sim counts no resources: this quota stays an object",
  "v1 limitranges": "kube-sim limits no resources: this range stays an object",
};

type Warnings = (draft: KubeObject, old: KubeObject | undefined) => string[];

const ofTemplate: Warnings = (draft) => podWarnings(objectAt(draft, "spec", "template", "spec"), "spec.template.spec");

const ofPods: Readonly<Record<string, Warnings>> = {
  "v1 pods": (draft) => podWarnings(objectAt(draft, "spec"), "spec"),
  "apps/v1 deployments": ofTemplate,
  "apps/v1 replicasets": ofTemplate,
  "apps/v1 statefulsets": ofTemplate,
  "apps/v1 daemonsets": ofTemplate,
};

/** What the writer of a kind is warned of, by version and plural; undefined: of nothing. */
export function warningsOf(id: string): Warnings | undefined {
  const text = idle[id];
  return text === undefined ? ofPods[id] : (_draft, old) => (old ? [] : [text]);
}

function podWarnings(spec: JsonObject, path: string): string[] {
  return ["initContainers", "containers"].flatMap((list) =>
    objectsAt(spec, list).flatMap((container, index) => {
      const where = `${path}.${list}[${index}]`;
      return [
        ...repeated(container, "ports", portOf).map(
          ([again, first]) => `${where}.ports[${again}]: duplicate port definition with ${where}.ports[${first}]`,
        ),
        ...repeated(container, "env", ({ name }) => String(name)).map(
          ([again, , name]) =>
            `${where}.env[${again}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`,
        ),
      ];
    }),
  );
}

const portOf = ({ containerPort, protocol = "TCP" }: JsonObject) => `${containerPort}/${protocol}`;

/** Items of a list that one before them was already: their place, that of the first, and what they are. */
function repeated(
  container: JsonObject,
  list: string,
  identity: (item: JsonObject) => string,
): [again: number, first: number, id: string][] {
  const ids = objectsAt(container, list).map(identity);
  return ids.flatMap((id, index): [number, number, string][] => {
    const first = ids.indexOf(id);
    return first < index ? [[index, first, id]] : [];
  });
}
