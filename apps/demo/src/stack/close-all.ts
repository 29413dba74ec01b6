/** Runs all closers, the newest first, and empties the list. Rejects with the first error, after the last one ran. */
export async function closeAll(closing: (() => Promise<unknown>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closing.splice(0).reverse()) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
