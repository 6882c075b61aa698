/** Names that a request holds more than once. Kafka refuses those as a whole: it cannot tell which one is meant. */
export function repeatedIn(names: readonly string[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}
