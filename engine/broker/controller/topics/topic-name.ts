/** Longest topic name, in characters; a folder name of it plus partition and suffix fits every file system. */
export const topicNameLengthMax = 249;

const legal = /^[a-zA-Z0-9._-]+$/;

/** Why a topic cannot bear this name, in Kafka's words; undefined when it can. */
export function topicNameFault(name: string): string | undefined {
  const fault = describe(name);
  return fault && `Topic name is invalid: ${fault}`;
}

function describe(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return `'${name}' is not allowed`;
  if (name.length > topicNameLengthMax)
    return `the length of '${name}' is longer than the max allowed length ${topicNameLengthMax}`;
  if (!legal.test(name))
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  return undefined;
}

/** Names with equal keys would collide in metrics: '.' and '_' count as one. */
export function collisionKey(name: string): string {
  return name.replaceAll('.', '_');
}

/** Of the names that exist those with which a new one would collide, by key: one pass, however many new ones there are. */
export function collidingNames(asked: readonly string[], existing: Iterable<string>): Map<string, string> {
  const keys = new Set<string>();
  const lengths = new Set<number>();
  for (const name of asked) {
    const key = collisionKey(name);
    if (!key.includes('_')) continue;
    keys.add(key);
    lengths.add(key.length);
  }
  const found = new Map<string, string>();
  if (keys.size === 0) return found;
  for (const name of existing) {
    if (!lengths.has(name.length)) continue;
    const key = collisionKey(name);
    if (keys.has(key)) found.set(key, name);
  }
  return found;
}
