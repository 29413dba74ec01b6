import { flagEffects, sameFlags, wantedFlags, withFlags } from "../flags.ts";
import { hold } from "../hold.ts";
import { say } from "../notice.ts";
import type { Pass, Rule } from "../pass.ts";
import { isAnalysing } from "../phase.ts";
import type { CanaryStatus, FlagState } from "../status.ts";

/**
 * The flags of the spec go with the release. What they are to be is recorded before an override is written, so that none
 * is ever forgotten. A run does not go on while one of its flags cannot be switched: the canary would not be what is released.
 */
export const switchFlags: Rule = {
  name: "switchFlags",
  decide(pass) {
    const { seen, spec, status } = pass;
    if (spec.dryRun || seen.flags === undefined) return undefined;
    if (status.phase === "" || status.phase === "Initializing") return undefined;
    const before = status.flags ?? [];
    const wanted = wantedFlags(pass);
    if (!sameFlags(before, wanted)) return { status: told(pass, { before, wanted }) };
    const effects = flagEffects(pass, wanted);
    if (effects.length > 0) return { effects };
    const [problem] = seen.flags.unresolved;
    return problem === undefined || !isAnalysing(status.phase)
      ? undefined
      : hold(pass, problem.message, { hint: problem.hint });
  },
};

function told(pass: Pass, o: { before: readonly FlagState[]; wanted: readonly FlagState[] }): CanaryStatus {
  const { before, wanted } = o;
  const begun = wanted.filter((flag) => !before.some((old) => sameFlags([old], [flag])));
  const ended = before.filter(({ name }) => !wanted.some((flag) => flag.name === name));
  const texts = [
    ...begun.map(({ name, variant, stage }) => {
      const whom = stage === "all" ? "for all" : "for the canary only";
      return `Switching flag ${name} to ${variant} ${whom}`;
    }),
    ...ended.map((flag) =>
      pass.seen.flags?.serves[flag.name] === flag.variant && flag.stage === "all"
        ? `Flag ${flag.name} is ${flag.variant} by its FeatureFlag: the override goes`
        : `Withdrawing ${flag.variant} of flag ${flag.name}`,
    ),
  ];
  return texts.reduce<CanaryStatus>((status, text) => say(pass, status, text), withFlags(pass.status, wanted));
}
