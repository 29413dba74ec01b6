import { type JsonObject, objectAt, objectsAt } from "../../src/api/json.ts";
import { type Cases, rows } from "../case.ts";
import { absent, answers, endsWith, fits, refuses } from "../expect.ts";
import { apps, template, workload } from "../kind-objects.ts";
import { made } from "../objects.ts";
import { statefulSet } from "../workloads.ts";

const inPod = (spec: JsonObject) => workload(() => ({ template: { metadata: { labels: { app: "x" } }, spec } }));

/** A Deployment whose one container has these fields. */
const inContainer = (fields: JsonObject) => (name: string) => {
  const containers = [{ name: "app", image: "a", ...fields }];
  const body = workload(() => template({ containers }))(name);
  const spec = objectAt(body, "spec");
  return { ...body, spec: { ...spec, selector: { matchLabels: { app: "x" } } } };
};

const place = "spec.template.spec.containers[0]";

/** Deployments that are refused, and the fields at fault. */
const wrong: Record<string, [body: (name: string) => JsonObject, fields: string[]]> = {
  "a surge of no number": [
    workload(() => ({ strategy: { rollingUpdate: { maxSurge: "x" } } })),
    ["spec.strategy.rollingUpdate.maxSurge"],
  ],
  "more than all unavailable": [
    workload(() => ({ strategy: { rollingUpdate: { maxUnavailable: "120%" } } })),
    ["spec.strategy.rollingUpdate.maxUnavailable"],
  ],
  "a deadline before the pods can be ready": [
    workload(() => ({ progressDeadlineSeconds: 5, minReadySeconds: 10 })),
    ["spec.progressDeadlineSeconds"],
  ],
  "less history than none": [workload(() => ({ revisionHistoryLimit: -1 })), ["spec.revisionHistoryLimit"]],
  "a selector's value that no label has": [
    workload(() => ({ selector: { matchLabels: { app: "x y" } } })),
    ["spec.selector", "spec.selector.matchLabels"],
  ],
  "a selector's operator that there is not": [
    workload(() => ({ selector: { matchExpressions: [{ key: "app", operator: "Odd" }] } })),
    ["spec.selector", "spec.selector.matchExpressions[0].operator"],
  ],
  "a port's name of 16 letters": [
    inContainer({ ports: [{ containerPort: 80, name: "sixteen-letters-x" }] }),
    [`${place}.ports[0].name`],
  ],
  "a variable with a value and a source": [
    inContainer({ env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }),
    [`${place}.env[0].valueFrom`],
  ],
  "a variable from nowhere": [inContainer({ env: [{ name: "A", valueFrom: {} }] }), [`${place}.env[0].valueFrom`]],
  "a probe at port 0": [
    inContainer({ readinessProbe: { httpGet: { port: 0 } } }),
    [`${place}.readinessProbe.httpGet.port`],
  ],
  "a probe that runs less than never": [
    inContainer({ readinessProbe: { httpGet: { port: 1 }, periodSeconds: -1 } }),
    [`${place}.readinessProbe.periodSeconds`],
  ],
  "two volumes of one name": [
    (name) => {
      const spec = {
        containers: [{ name: "app", image: "a" }],
        volumes: ["a", "a"].map((volume) => ({ name: volume, emptyDir: {} })),
      };
      const body = inPod(spec)(name);
      return { ...body, spec: { ...objectAt(body, "spec"), selector: { matchLabels: { app: "x" } } } };
    },
    ["spec.template.spec.volumes[1].name"],
  ],
};

/** What is taken with a warning. */
const doubtful: Record<string, [fields: JsonObject, warning: string]> = {
  "a variable given twice": [
    {
      env: [
        { name: "A", value: "1" },
        { name: "A", value: "2" },
      ],
    },
    `${place}.env[1]: hides previous definition of \\"A\\", which may be dropped when using apply`,
  ],
  "a port given twice": [
    { ports: [{ containerPort: 80 }, { containerPort: 80 }] },
    `${place}.ports[1]: duplicate port definition with ${place}.ports[0]`,
  ],
};

const sets = "apps/v1/statefulsets";
const retention = "spec.persistentVolumeClaimRetentionPolicy";

export const workloadRules: Cases = {
  ...rows(
    wrong,
    (what) => `${what} is 422`,
    async (at, [body, fields]) => {
      refuses(await at.in(apps).create(body(at.name())), 422, "Invalid", { fields });
    },
  ),
  ...rows(
    doubtful,
    (what) => `${what} is a warning`,
    async (at, [fields, warning]) => {
      const answer = await at.in(apps).create(inContainer(fields)(at.name()), { dryRun: "All" });
      answers(answer, 201);
      fits(answer.warnings, [`299 - "${warning}"`]);
    },
  ),
  "a StatefulSet keeps its claims, unless it says otherwise": async (at) => {
    const policy = { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } };
    answers(await at.in(sets).create(statefulSet(at.name(), policy)), 201, {
      spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Delete" } },
    });
  },
  "a StatefulSet's other policy for claims is 422": async (at) => {
    const policy = { persistentVolumeClaimRetentionPolicy: { whenScaled: "Odd" } };
    refuses(await at.in(sets).create(statefulSet(at.name(), policy)), 422, "Invalid", {
      ...{ fields: [`${retention}.whenScaled`], message: /supported values: "Retain", "Delete"$/ },
    });
  },
  "a StatefulSet's pods are replaced one by one: maxUnavailable is dropped": async (at) => {
    const updateStrategy = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } };
    answers(await at.in(sets).create(statefulSet(at.name(), { updateStrategy })), 201, {
      spec: { updateStrategy: { rollingUpdate: { partition: 0, maxUnavailable: absent } } },
    });
  },
  "a StatefulSet's partition below 0 is 422": async (at) => {
    const updateStrategy = { type: "RollingUpdate", rollingUpdate: { partition: -1 } };
    refuses(await at.in(sets).create(statefulSet(at.name(), { updateStrategy })), 422, "Invalid", {
      fields: ["spec.updateStrategy.rollingUpdate.partition"],
    });
  },
  "most of a StatefulSet's spec stays: 422": async (at) => {
    const name = at.name();
    await made(at.in(sets).create(statefulSet(name)));
    refuses(await at.in(sets).merge(name, { spec: { serviceName: "other" } }), 422, "Invalid", {
      ...{ fields: ["spec"], message: /updates to statefulset spec for fields other than 'replicas', 'ordinals'/ },
    });
  },
  "a DaemonSet surges or lets go, not both: 422": async (at) => {
    const { spec } = workload(() => ({}))(at.name());
    const { selector, template: pods } = objectAt({ spec }, "spec");
    const updateStrategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };
    const body = { metadata: { name: at.name() }, spec: { selector, template: pods, updateStrategy } };
    refuses(await at.in("apps/v1/daemonsets").create(body, { dryRun: "All" }), 422, "Invalid", {
      fields: ["spec.updateStrategy.rollingUpdate.maxSurge"],
    });
  },
  "data of more than a mebibyte is 422": async (at) => {
    const data = { a: "x".repeat(1024 * 1024 + 1) };
    refuses(await at.maps.create({ metadata: { name: at.name() }, data }), 422, "Invalid", {
      message: /Too long: may not be more than 1048576 bytes$/,
    });
  },
  "a Service's node port outside the range is 422": async (at) => {
    const spec = { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] };
    refuses(await at.in("services").create({ metadata: { name: at.name() }, spec }), 422, "Invalid", {
      fields: ["spec.ports[0].nodePort"],
    });
  },
  "a Service that wants another one's address or node port is 422": async (at) => {
    const services = at.in("services");
    const ports = [{ port: 80 }];
    const first = await made(services.create({ metadata: { name: at.name() }, spec: { type: "NodePort", ports } }));
    const { clusterIP } = objectAt(first, "spec");
    refuses(await services.create({ metadata: { name: at.name() }, spec: { clusterIP, ports } }), 422, "Invalid", {
      fields: ["spec.clusterIPs"],
      message: endsWith(`failed to allocate IP ${clusterIP}: provided IP is already allocated`),
    });
    const nodePort = objectsAt(first, "spec", "ports")[0]?.nodePort;
    const same = { type: "NodePort", ports: [{ port: 80, nodePort }] };
    const refusal = { fields: ["spec.ports[0].nodePort"], message: endsWith("provided port is already allocated") };
    refuses(await services.create({ metadata: { name: at.name() }, spec: same }), 422, "Invalid", refusal);
    const second = at.name();
    await made(services.create({ metadata: { name: second }, spec: { type: "NodePort", ports } }));
    refuses(await services.merge(second, { spec: same }), 422, "Invalid", refusal);
    const udp = { type: "NodePort", ports: [{ port: 53, protocol: "UDP", nodePort }] };
    refuses(await services.create({ metadata: { name: at.name() }, spec: udp }), 422, "Invalid", refusal);
    // Within one Service another protocol is another port. Trying it out takes nothing, and so is not in anybody's way.
    const own = objectsAt((await services.get(second)).body, "spec", "ports")[0]?.nodePort;
    const both = ["TCP", "UDP"].map((protocol) => ({
      name: protocol.toLowerCase(),
      port: 80,
      protocol,
      nodePort: own,
    }));
    answers(await services.merge(second, { spec: { ports: both } }), 200);
    answers(
      await services.create({ metadata: { name: at.name() }, spec: { clusterIP, ports } }, { dryRun: "All" }),
      201,
    );
  },
  "a Service that is no NodePort any more has none": async (at) => {
    const name = at.name();
    await made(at.in("services").create({ metadata: { name }, spec: { type: "NodePort", ports: [{ port: 80 }] } }));
    const after = answers(await at.in("services").merge(name, { spec: { type: "ClusterIP" } }), 200, {
      spec: { externalTrafficPolicy: absent },
    });
    const [port] = objectsAt(after, "spec", "ports");
    fits(port, { nodePort: absent });
  },
  "a status of what cannot be is 422": async (at) => {
    const name = at.name();
    await made(at.in("services").create({ metadata: { name }, spec: { ports: [{ port: 80 }] } }));
    const ingress = { status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } };
    refuses(await at.in("services").merge(`${name}/status`, ingress), 422, "Invalid", {
      fields: ["status.loadBalancer.ingress"],
    });
  },
};
