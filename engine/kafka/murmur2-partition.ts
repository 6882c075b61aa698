/** murmur2 of Kafka's Java client (`Utils.murmur2`), a signed 32-bit integer. */
export function murmur2(data: Uint8Array): number {
  const multiplier = 0x5bd1e995;
  let hash = 0x9747b28c ^ data.length;
  const wholeWords = data.length & ~3;
  for (let at = 0; at < wholeWords; at += 4) {
    let word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    word = Math.imul(word, multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = data.length - wholeWords;
  if (rest >= 3) hash ^= data[wholeWords + 2]! << 16;
  if (rest >= 2) hash ^= data[wholeWords + 1]! << 8;
  if (rest >= 1) hash = Math.imul(hash ^ data[wholeWords]!, multiplier);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, multiplier);
  return hash ^ (hash >>> 15);
}

/** The partition that Kafka's Java client picks for a key: `toPositive(murmur2(key)) % partitionCount`. */
export function partitionOfKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}
