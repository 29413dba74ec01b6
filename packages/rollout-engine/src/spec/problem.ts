/** Something in a Canary that cannot be used: where, what it is, what would be right. */
export interface SpecProblem {
  readonly path: string;
  readonly value: unknown;
  readonly expected: string;
}

/** One line for an event, a condition or a log. */
export function problemText(problem: SpecProblem): string {
  const value = problem.value === undefined ? "absent" : JSON.stringify(problem.value);
  return `${problem.path} is ${value}, expected ${problem.expected}`;
}
