/**
 * What the two roles see of a flag at one moment, such as `canary on, primary off`; undefined when an answer did not come.
 * Two questions can have a change between them: the first is asked again after the second, and both until nothing came between.
 */
export async function seenByRoles(
  ask: (releaseRole: "canary" | "primary") => Promise<string | undefined>,
): Promise<string | undefined> {
  for (;;) {
    const canary = await ask("canary");
    const primary = canary === undefined ? undefined : await ask("primary");
    if (primary === undefined) return undefined;
    if (canary === (await ask("canary"))) return `canary ${canary}, primary ${primary}`;
  }
}
