// kind: Service – the target is a Service whose spec is what is released. Its copies are Services, too: nothing has pods here.
import { createHash } from "node:crypto";
import type { Canary } from "@burgee/contracts/crd";
import { type KubeObject, resources, type Service } from "@burgee/kube";
import { canaryOwner } from "../canary-resource.ts";
import { canonicalJson, sameMeaning } from "./canonical-json.ts";
import { releaseAnnotation } from "./pods/primary-copy.ts";
import { canaryName, includedKeys, primaryName, withoutFluxKeys } from "./selector-label.ts";
import type { TargetContext, TargetInView, TargetKind } from "./target.ts";

const { services } = resources;
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const nothing = async () => undefined;

/** v1 Service. */
export const coreService: TargetKind = {
  matches: ({ apiVersion, kind }) => kind === "Service" && !apiVersion.startsWith("serving.knative.dev/"),
  check: ({ spec }) =>
    spec.service === undefined ? [{ path: "spec.service", value: undefined, expected: "an object with port" }] : [],
  observe,
  distrust(reader, canary) {
    const { namespace } = canary.metadata;
    const { name } = canary.spec.targetRef;
    for (const each of [name, primaryName(name), canaryName(name)]) {
      reader.distrust(services, { namespace, name: each });
    }
  },
};

async function observe(context: TargetContext): Promise<TargetInView> {
  const { canary, client, reader } = context;
  const { namespace } = canary.metadata;
  const { name } = canary.spec.targetRef;
  const read = (of: string) => reader.tryGet(services, { namespace, name: of });
  const [target, primary, copy] = await Promise.all([read(name), read(primaryName(name)), read(canaryName(name))]);
  const wrote = async (write: Promise<KubeObject>) => reader.wrote(services, await write);
  const wanted = target && canaryCopy(target, copy, canary);
  return {
    target:
      target === undefined
        ? { missing: `service ${name}.${namespace} get query error: services "${name}" not found` }
        : {
            label: undefined,
            containers: [],
            revision: revisionOf(target),
            configs: undefined,
            readiness: { ready: true },
            replicas: 1,
          },
    primary: primary && {
      readiness: { ready: true },
      replicas: 1,
      release: primary.metadata.annotations?.[releaseAnnotation],
    },
    async createPrimary(release) {
      if (target !== undefined) await wrote(client.create(services, newPrimary(target, canary, release)));
    },
    async promote(release) {
      if (target === undefined || primary === undefined) return;
      await wrote(client.replace(services, promoted(primary, target, { context, release })));
    },
    scaleUp: nothing,
    scaleToZero: nothing,
    giveBack: nothing,
    isCopy: () => target !== undefined && primary !== undefined && revisionOf(target) === revisionOf(primary),
    ownService: {
      state: copy === undefined ? "missing" : wanted === undefined ? "ok" : "drifted",
      async reconcile() {
        if (wanted === undefined) return;
        await wrote(copy === undefined ? client.create(services, wanted) : client.replace(services, wanted));
      },
    },
  };
}

/** What of a spec the user wrote: not the addresses and ports that the cluster chose. */
function ownSpec({ spec }: Service): Service["spec"] {
  const own: Record<string, unknown> = structuredClone({ ...spec });
  if (own.clusterIP !== "None") for (const field of ["clusterIP", "clusterIPs"]) delete own[field];
  delete own.healthCheckNodePort;
  const ports = spec.ports?.map(({ nodePort: _chosen, ...port }) => port);
  return { ...own, ...(ports === undefined ? {} : { ports }) };
}

function revisionOf(service: Service): string {
  return `s1-${createHash("sha256")
    .update(canonicalJson(ownSpec(service)))
    .digest("hex")
    .slice(0, 16)}`;
}

/** The live addresses and ports stay with the copy that has them. */
function specLike(target: Service, live: Service | undefined): Service["spec"] {
  const own = ownSpec(target);
  if (live === undefined || own.clusterIP === "None") return own;
  const { clusterIP, clusterIPs } = live.spec;
  const ports = own.ports?.map((port) => {
    const nodePort = live.spec.ports?.find(({ name }) => name === port.name)?.nodePort;
    return nodePort === undefined ? port : { ...port, nodePort };
  });
  const addresses = {
    ...(clusterIP === undefined ? {} : { clusterIP }),
    ...(clusterIPs === undefined ? {} : { clusterIPs }),
  };
  return { ...own, ...(own.type === "ExternalName" ? {} : addresses), ...(ports === undefined ? {} : { ports }) };
}

function ownAnnotations({ metadata }: Service): Record<string, string> {
  const { [lastApplied]: _applied, ...annotations } = withoutFluxKeys(metadata.annotations);
  return annotations;
}

function newPrimary(target: Service, canary: Canary, release: string): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: primaryName(target.metadata.name),
      namespace: canary.metadata.namespace,
      labels: withoutFluxKeys(target.metadata.labels),
      annotations: { ...ownAnnotations(target), [releaseAnnotation]: release },
      ownerReferences: [canaryOwner(canary)],
    },
    spec: ownSpec(target),
  };
}

function promoted(primary: Service, target: Service, o: { context: TargetContext; release: string }): Service {
  const { labelPrefixes } = o.context.settings;
  return {
    ...primary,
    metadata: {
      ...primary.metadata,
      labels: includedKeys(target.metadata.labels, labelPrefixes),
      annotations: { ...includedKeys(ownAnnotations(target), labelPrefixes), [releaseAnnotation]: o.release },
      ownerReferences: [canaryOwner(o.context.canary)],
    },
    spec: specLike(target, primary),
  };
}

/** The canary's Service as it should be; undefined when the live one is. */
function canaryCopy(target: Service, live: Service | undefined, canary: Canary): Service | undefined {
  const labels = withoutFluxKeys(target.metadata.labels);
  const annotations = ownAnnotations(target);
  const { trafficDistribution } = canary.spec.service ?? {};
  const spec = { ...specLike(target, live), ...(trafficDistribution === undefined ? {} : { trafficDistribution }) };
  const same =
    live !== undefined &&
    sameMeaning(spec, live.spec) &&
    sameMeaning(labels, live.metadata.labels) &&
    sameMeaning(annotations, live.metadata.annotations);
  if (same) return undefined;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      ...live?.metadata,
      name: canaryName(target.metadata.name),
      namespace: canary.metadata.namespace,
      labels,
      annotations,
      ownerReferences: [canaryOwner(canary)],
    },
    spec,
  };
}
