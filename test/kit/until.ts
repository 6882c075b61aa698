const pollMs = 20;

/**
 * Waits until `condition` holds (truthy), asking it again and again, and returns what it gave. For conditions outside of the
 * process that no event tells of. Throws with `what` and the last error when `timeoutMs` have passed.
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  timeoutMs = 20_000,
): Promise<NonNullable<T>> {
  const deadline = performance.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value) return value as NonNullable<T>;
      last = value;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline)
      throw new Error(`expected within ${timeoutMs} ms: ${what}; last found: ${String(last)}`);
    await new Promise<void>((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}
