import * as clientNode from "@kubernetes/client-node";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { validate as deployment } from "kubernetes-models/_schemas/IoK8sApiAppsV1Deployment";
import { validate as configMap } from "kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap";
import { validate as persistentVolumeClaim } from "kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim";
import { validate as pod } from "kubernetes-models/_schemas/IoK8sApiCoreV1Pod";
import { validate as secret } from "kubernetes-models/_schemas/IoK8sApiCoreV1Secret";
import { validate as service } from "kubernetes-models/_schemas/IoK8sApiCoreV1Service";
import { validate as serviceAccount } from "kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount";
import { validate as customResourceDefinition } from "kubernetes-models/_schemas/IoK8sApiextensionsApiserverPkgApisApiextensionsV1CustomResourceDefinition";
import { validate as networkPolicy } from "kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy";
import { validate as podDisruptionBudget } from "kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget";
import { validate as clusterRole } from "kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRole";
import { validate as clusterRoleBinding } from "kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRoleBinding";
import { validate as role } from "kubernetes-models/_schemas/IoK8sApiRbacV1Role";
import { validate as roleBinding } from "kubernetes-models/_schemas/IoK8sApiRbacV1RoleBinding";
import type { Rendered } from "./helm.ts";

/** A validator that ajv compiled from the schema of Kubernetes; it leaves its errors on itself. */
type Validator = (data: unknown) => boolean;

/** The models of the Prometheus operator hide their schema behind a class. */
function serviceMonitor(data: unknown): boolean {
  const model: unknown = Reflect.construct(ServiceMonitor, [data]);
  if (model instanceof ServiceMonitor) model.validate();
  return model instanceof ServiceMonitor;
}

const validators: Readonly<Record<string, Validator>> = {
  "v1/ConfigMap": configMap,
  "v1/PersistentVolumeClaim": persistentVolumeClaim,
  "v1/Pod": pod,
  "v1/Secret": secret,
  "v1/Service": service,
  "v1/ServiceAccount": serviceAccount,
  "apps/v1/Deployment": deployment,
  "apiextensions.k8s.io/v1/CustomResourceDefinition": customResourceDefinition,
  "monitoring.coreos.com/v1/ServiceMonitor": serviceMonitor,
  "networking.k8s.io/v1/NetworkPolicy": networkPolicy,
  "policy/v1/PodDisruptionBudget": podDisruptionBudget,
  "rbac.authorization.k8s.io/v1/ClusterRole": clusterRole,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": clusterRoleBinding,
  "rbac.authorization.k8s.io/v1/Role": role,
  "rbac.authorization.k8s.io/v1/RoleBinding": roleBinding,
};

/** What is wrong with an object by the schemas of Kubernetes; a kind without a schema is a problem, too. */
export function schemaProblems(object: Rendered): string[] {
  const kind = `${object.apiVersion}/${object.kind}`;
  const name = `${object.kind} ${object.metadata.name}`;
  const validate = validators[kind];
  if (validate === undefined) return [`${name}: there is no schema of ${kind} here`];
  const errors: unknown = validate(object) ? [] : "errors" in validate ? validate.errors : ["invalid"];
  const invalid = Array.isArray(errors) ? errors.map((error) => `${name}: ${JSON.stringify(error)}`) : [];
  // The schemas allow what they do not name; the models of the client know every field.
  const model = object.apiVersion.includes("monitoring.coreos.com") ? undefined : modelNamed(`V1${object.kind}`);
  return [...invalid, ...unknownFields(object, model, name)];
}

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

function modelNamed(type: string): readonly Attribute[] | undefined {
  const model: unknown = Reflect.get(clientNode, type);
  if (typeof model !== "function" || !("getAttributeTypeMap" in model)) return undefined;
  const { getAttributeTypeMap } = model;
  return typeof getAttributeTypeMap === "function" ? getAttributeTypeMap() : undefined;
}

/** Fields that the API server would drop or refuse, by their path. */
function unknownFields(value: unknown, model: readonly Attribute[] | undefined, path: string): string[] {
  if (model === undefined || typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, child]) => {
    const attribute = model.find(({ baseName }) => baseName === field);
    if (attribute === undefined) return [`${path}.${field} is no field of Kubernetes`];
    const childModel = modelNamed(attribute.type.replace(/^Array<(.*)>$/, "$1"));
    const children: unknown[] = Array.isArray(child) ? child : [child];
    return children.flatMap((each) => unknownFields(each, childModel, `${path}.${field}`));
  });
}
