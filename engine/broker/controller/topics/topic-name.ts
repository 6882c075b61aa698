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
