/** The keys of a combination: `Ctrl++` has Ctrl and +. */
export function splitKeys(combination: string): readonly string[] {
  return combination.match(/[^+]+|\+$/g) ?? [];
}
