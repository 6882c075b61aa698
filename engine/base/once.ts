/**
 * Makes a function that starts `work` at its first call and gives every call the same promise. The promise stands before `work`
 * begins: a call from within it (a listener that hears "stopping" and stops) gets the one that is under way and starts nothing.
 */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    if (result) return result;
    const { promise, resolve } = Promise.withResolvers<T>();
    result = promise;
    resolve(work());
    return promise;
  };
}
