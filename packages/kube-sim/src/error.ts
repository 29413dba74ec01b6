/** What can go wrong in the simulator itself, as opposed to requests it refuses with a Status. */
export type KubeSimErrorCode =
  | "bad_manifest"
  | "apply_failed"
  | "port_in_use"
  | "unreachable"
  | "bad_annotation"
  | "no_such_gateway";

/** An error of the simulator. The code comes first in the message. */
export class KubeSimError extends Error {
  readonly code: KubeSimErrorCode;

  constructor(code: KubeSimErrorCode, message: string, options?: ErrorOptions) {
    super(`[${code}] ${message}`, options);
    this.name = "KubeSimError";
    this.code = code;
  }
}
