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

const metricSeparator = /[._]/;

/** The first of `names` that would collide with a new name in metrics, where '.' and '_' count as one; undefined for none. */
export function collidingName(name: string, names: Iterable<string>): string | undefined {
  if (!metricSeparator.test(name)) return undefined;
  for (const other of names) if (other !== name && collide(other, name)) return other;
  return undefined;
}

/** Compares from the end, where names of one family differ: a request may name hundreds of topics beside thousands. */
function collide(one: string, other: string): boolean {
  if (one.length !== other.length) return false;
  for (let at = one.length - 1; at >= 0; at--)
    if (one[at] !== other[at] && !(metricSeparator.test(one[at] ?? '') && metricSeparator.test(other[at] ?? '')))
      return false;
  return true;
}
