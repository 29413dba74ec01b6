import { hold } from "../hold.ts";
import { presentPrimary, presentTarget, type Rule } from "../pass.ts";
import { releaseOf } from "../revision.ts";
import { isPromoted } from "../revision.ts";
import { primaryText } from "../texts.ts";

/**
 * Comes before a rollback: traffic cannot go back to a primary that is not there. A primary that somebody deleted is made again, but only from the promoted revision: upstream copies whatever the target
 * holds, and so promotes a revision that no analysis passed.
 */
export const repairPrimary: Rule = {
  name: "repairPrimary",
  decide(pass) {
    const target = presentTarget(pass.seen);
    if (pass.status.phase === "Initializing") return undefined;
    if (target === undefined || presentPrimary(pass.seen) !== undefined) return undefined;
    const { status } = pass;
    const promoting = status.phase === "Promoting" || status.phase === "Finalising";
    const asked = status.override?.revision === target.revision;
    const wanted = asked || (promoting && target.revision === status.targetRevision);
    if (wanted || isPromoted(status, target)) {
      return { effects: [{ kind: "createPrimary", release: releaseOf(target.revision, target.configs) }] };
    }
    return hold(
      pass,
      `${primaryText(pass.spec)} is missing and the target is revision ${target.revision}, expected the promoted one ${status.lastPromotedSpec ?? "(none)"}: restore that template, or promote this one by an action`,
    );
  },
};
