/** What is seen of the demo's story when nobody dies; whoever dies, it has to be seen all the same. */
export const undisturbed = {
  phases: ["Progressing", "Promoting", "Finalising", "Succeeded", "Progressing", "Failed"],
  alerts: [
    "New Deployment detected, initialization completed.",
    "New revision detected, progressing canary analysis.",
    "Canary analysis completed successfully, promotion finished.",
    "New revision detected, progressing canary analysis.",
    "Failed checks threshold reached 2",
  ],
  /** What the two roles see of the flag, each change once. */
  flag: ["canary off, primary off", "canary on, primary off", "canary on, primary on", "canary off, primary off"],
};
