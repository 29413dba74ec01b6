// Definitions of kinds that others bring along, without their schemas.
interface Names {
  group: string;
  version: string;
  kind: string;
  plural: string;
  /** With the scale subresource, whose replicas are there. */
  replicasPath?: readonly string[];
}

/** A CustomResourceDefinition that keeps every field. */
export function customDefinition({ group, version, kind, plural, replicasPath }: Names): object {
  const scale = { specReplicasPath: `.spec.${replicasPath?.join(".")}`, statusReplicasPath: ".status.replicas" };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          subresources: { status: {}, ...(replicasPath === undefined ? {} : { scale }) },
        },
      ],
    },
  };
}
