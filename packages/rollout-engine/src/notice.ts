import { momentFromMs } from "./moment.ts";
import type { Observation } from "./observation.ts";
import type { RolloutSpec } from "./rollout-spec.ts";
import type { CanaryStatus, PendingNotice, Phase, Severity } from "./status.ts";

/** More than any run makes between two deliveries; a bus that is down for days must not fill etcd. */
const maxAnnouncements = 40;

/** As much of a pass as a notice needs. */
export interface Speaker {
  readonly spec: Pick<RolloutSpec, "uid" | "dryRun">;
  readonly seen: Pick<Observation, "now">;
}

export interface NoticeOptions {
  readonly alert?: { readonly severity: Severity; readonly message: string; readonly withFields?: boolean };
  readonly actor?: string;
  /** The phase told, when it is not the status's (upstream tells some events as of the phase to come). */
  readonly phase?: Phase;
}

/** Records a Normal event (and its alert) to be told once the status is written. */
export function say(pass: Speaker, status: CanaryStatus, message: string, options: NoticeOptions = {}): CanaryStatus {
  return record(pass, status, { type: "Normal", message, options });
}

/** Records a Warning event (and its alert) to be told once the status is written. */
export function warn(pass: Speaker, status: CanaryStatus, message: string, options: NoticeOptions = {}): CanaryStatus {
  return record(pass, status, { type: "Warning", message, options });
}

function record(
  pass: Speaker,
  status: CanaryStatus,
  told: { type: "Normal" | "Warning"; message: string; options: NoticeOptions },
): CanaryStatus {
  const count = (status.noticeCount ?? 0) + 1;
  const { alert, actor, phase } = told.options;
  const prefix = pass.spec.dryRun ? "[dry run] " : "";
  const notice: PendingNotice = {
    // The n keeps it apart from the id of a check.
    id: `${pass.spec.uid}/${status.run ?? 0}/n${count}`,
    type: told.type,
    message: prefix + told.message,
    rule: "",
    phase: phase ?? status.phase,
    at: momentFromMs(pass.seen.now),
    ...(actor === undefined ? {} : { actor }),
    ...(alert === undefined
      ? {}
      : {
          alert: { severity: alert.severity, message: prefix + alert.message, withFields: alert.withFields ?? false },
        }),
  };
  return { ...status, noticeCount: count, announcements: bounded([...(status.announcements ?? []), notice]) };
}

/** Over the bound the oldest notice without an alert goes: an event may be dropped, an alert may not. */
function bounded(notices: PendingNotice[]): PendingNotice[] {
  if (notices.length <= maxAnnouncements) return notices;
  const victim = notices.findIndex((n) => n.alert === undefined);
  return victim < 0 ? notices : notices.toSpliced(victim, 1);
}
