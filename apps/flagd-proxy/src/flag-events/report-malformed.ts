import type { FeatureFlag } from "@burgee/contracts/crd";
import { formatProblem, parseFlagDocument } from "@burgee/flag-engine";
import type { EventRecorder, Informer } from "@burgee/kube";
import type { Logger, Part } from "@burgee/service-kit";

/** Whose FeatureFlags are looked at, and who tells of them. */
export interface ReportMalformedOptions {
  readonly flags: Informer<FeatureFlag>;
  readonly recorder: EventRecorder;
  /** Only one replica tells. */
  readonly holds: () => boolean;
  readonly log: Logger;
}

/**
 * Tells the owner of a FeatureFlag that no evaluator will take what is wrong with it: an event and a log line, once per change. The kind
 * has no conditions. Evaluators go on with the last good version.
 */
export function reportMalformed({ flags, recorder, holds, log }: ReportMalformedOptions): Part & { look(): void } {
  /** The last message by object. */
  const told = new Map<string, string>();
  let leave: (() => void) | undefined;

  const report = (flag: FeatureFlag): void => {
    if (!holds()) return;
    const { name, namespace, uid = "" } = flag.metadata;
    const problems = malformed(flag);
    if (problems === (told.get(uid) ?? "")) return;
    told.set(uid, problems);
    const about = { ...flag, apiVersion: "core.openfeature.dev/v1beta1", kind: "FeatureFlag" };
    if (problems === "") {
      log.info({ namespace, featureFlag: name }, "feature flag mended");
      recorder.record(about, { type: "Normal", reason: "Synced", message: "feature flag is valid" });
    } else {
      log.warn({ namespace, featureFlag: name, problem: problems }, "feature flag is malformed");
      recorder.record(about, { type: "Warning", reason: "InvalidSpec", message: problems });
    }
  };
  return {
    name: "feature flag checks",
    start() {
      leave = flags.on(({ type, object }) => {
        if (type === "deleted") told.delete(object.metadata.uid ?? "");
        else report(object);
      });
    },
    stop: () => leave?.(),
    look: () => flags.list().forEach(report),
  };
}

/** What is wrong, with paths from the object's root; empty when nothing is. */
function malformed({ spec }: FeatureFlag): string {
  const parsed = parseFlagDocument(spec?.flagSpec ?? { flags: {} });
  if (parsed.ok) return "";
  return parsed.problems
    .map(({ path, message }) =>
      formatProblem({
        path: path === "" ? "spec.flagSpec" : `spec.flagSpec.${path}`,
        message: message.replace(/^document /, ""),
      }),
    )
    .join("; ");
}
