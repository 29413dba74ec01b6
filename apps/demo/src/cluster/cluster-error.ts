/** The demo may not or cannot play on the cluster that was chosen. The message says what it found and what would be right. */
export class ClusterError extends Error {
  readonly code: "namespace_taken" | "demo_running" | "namespace_stuck" | "definition_stuck";

  constructor(code: ClusterError["code"], message: string) {
    super(`[${code}] ${message}`);
    this.name = "ClusterError";
    this.code = code;
  }
}
