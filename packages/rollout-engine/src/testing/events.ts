/** What happens to a run from outside, as blocks of scenario commands. `gates` and `revert` change the Canary itself. */
export interface OutsideEvent {
  readonly about: string;
  readonly gates?: true;
  readonly revert?: true;
  readonly blocks: readonly (readonly string[])[];
}

/** 15 s into a run every strategy has made a step and waits for the answer to the next check (or for its pods). */
const midway = ["target v2", "advance 15s"];
const toTheEnd = ["advance 120s"];

/** Every event that a run must withstand. */
export const outsideEvents: Readonly<Record<string, OutsideEvent>> = {
  "all-pass": { about: "Every check passes.", blocks: [["target v2", ...toTheEnd]] },
  "fails-midway": {
    about: "Checks pass, then every one fails: rolled back when the threshold of 2 is reached.",
    blocks: [midway, ["checks fail", ...toTheEnd]],
  },
  "unknown-midway": {
    about: "Checks pass, then the data is gone: nothing moves, one warning. Then it is back.",
    blocks: [midway, ["checks unknown", "advance 40s"], ["checks pass", ...toTheEnd]],
  },
  "new-revision-midway": {
    about: "A newer revision: all over again with that one.",
    blocks: [midway, ["target v3", "advance 5s"], toTheEnd],
  },
  "reverted-midway": {
    about: "The target goes back to what is promoted: nothing is left to analyse, and nothing starts.",
    blocks: [midway, ["target v1", "advance 5s"], toTheEnd],
  },
  gates: {
    about: "Each gate is closed at first, and opened later.",
    gates: true,
    blocks: [
      ["hook rollout no", "hook traffic no", "hook promotion no", "target v2", "advance 25s"],
      ["hook rollout ok", "advance 25s"],
      ["hook traffic ok", "advance 80s"],
      ["hook promotion ok", ...toTheEnd],
    ],
  },
  suspended: {
    about: "Suspended midway for a minute; it goes on from where it stood.",
    blocks: [midway, ['spec {} {"suspend":true}', "advance 60s"], ['spec {} {"suspend":false}', ...toTheEnd]],
  },
  deleted: {
    about: "Deleted without revertOnDeletion: nothing of ours moves any more.",
    blocks: [midway, ["delete", "advance 60s"]],
  },
  "deleted-with-revert": {
    about: "Deleted with revertOnDeletion: users are given back to the target, then the finalizer goes.",
    revert: true,
    blocks: [midway, ["delete", "advance 60s"]],
  },
};
