/**
 * The answer, or undefined when making it throws, which it does for texts that protobuf cannot write. Then Connect is asked, and
 * makes the protocol's error of it; here, in an event of a socket, it would end the process.
 */
export function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
