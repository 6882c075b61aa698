const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;
const rotation = 24;

/** 32 bit MurmurHash2 as Kafka's Java client computes it (seed 0x9747b28c, little-endian words); a signed int32. */
export function murmur2(data: Uint8Array): number {
  const { length } = data;
  let hash = seed ^ length;
  const wordsEnd = length - (length % 4);
  for (let at = 0; at < wordsEnd; at += 4) {
    let word =
      (data[at] as number) |
      ((data[at + 1] as number) << 8) |
      ((data[at + 2] as number) << 16) |
      ((data[at + 3] as number) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> rotation;
    hash = Math.imul(hash, multiplier) ^ Math.imul(word, multiplier);
  }
  return finish(mixTail(hash, data, wordsEnd));
}

function mixTail(hash: number, data: Uint8Array, from: number): number {
  const left = data.length - from;
  if (left === 0) return hash;
  let tail = data[from] as number;
  if (left > 1) tail |= (data[from + 1] as number) << 8;
  if (left > 2) tail |= (data[from + 2] as number) << 16;
  return Math.imul(hash ^ tail, multiplier);
}

function finish(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 13), multiplier);
  return mixed ^ (mixed >>> 15);
}

/** Partition of a keyed record by the default partitioner of the Java client. `partitions` is at least 1. */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
