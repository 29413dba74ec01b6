import type { UserInfo } from "../../auth/user.ts";
import type { JsonObject } from "../json.ts";
import type { KubeObject } from "../object.ts";
import type { ResourceDefinition } from "../resource.ts";

/** A write that webhooks are asked about. */
export interface AdmissionRequest {
  operation: "CREATE" | "UPDATE" | "DELETE";
  resource: ResourceDefinition;
  subresource: string | undefined;
  namespace: string | undefined;
  /** Empty while the server has yet to make it from generateName. */
  name: string;
  /** The object as it will be; undefined when it will not. */
  object: KubeObject | undefined;
  oldObject: KubeObject | undefined;
  user: UserInfo;
  dryRun: boolean;
  /** CreateOptions, UpdateOptions, PatchOptions or DeleteOptions, as the client gave them. */
  options: JsonObject;
}
