/** Epoch milliseconds as the status writes them: RFC 3339 with milliseconds. */
export function momentFromMs(ms: number): string {
  return new Date(ms).toISOString();
}

/** The reverse; an unreadable moment counts as long ago, so that nothing waits for it. */
export function msFromMoment(moment: string | undefined): number {
  const ms = moment === undefined ? Number.NaN : Date.parse(moment);
  return Number.isNaN(ms) ? 0 : ms;
}
