import type { AssignorMember, DraftTarget, PartitionCount } from './assignor.ts';
import { give, subscribersOf } from './assignor.ts';

/** Passes over all partitions in search of a better place; each but the last has moved one, so that few are ever needed. */
const passesMax = 100;

interface Load {
  readonly target: DraftTarget;
  size: number;
}

/**
 * Members read different topics: each keeps what it has, what nobody has goes to the reader with the least, and then partitions move
 * from readers with more to readers with at least two less, until there are none. Balance counts more than staying.
 */
export function assignUnevenly(
  members: readonly AssignorMember[],
  partitionCount: PartitionCount,
): ReadonlyMap<string, DraftTarget> {
  const loads = new Map<string, Load>(members.map(({ memberId }) => [memberId, { target: new Map(), size: 0 }]));
  const readersOf = new Map<string, Load[]>();
  for (const [topicId, subscribers] of subscribersOf(members))
    readersOf.set(
      topicId,
      subscribers.map(({ memberId }) => loads.get(memberId) as Load),
    );
  keepCurrent(members, loads, partitionCount);
  for (const topicId of fewestReadersFirst(readersOf, partitionCount))
    assignFree(topicId, partitionCount(topicId), readersOf.get(topicId) ?? []);
  for (let pass = 0; pass < passesMax && improve(readersOf); pass++);
  return new Map([...loads].map(([memberId, { target }]) => [memberId, target]));
}

function keepCurrent(
  members: readonly AssignorMember[],
  loads: ReadonlyMap<string, Load>,
  partitionCount: PartitionCount,
): void {
  for (const { memberId, topicIds, current } of members) {
    const load = loads.get(memberId) as Load;
    for (const [topicId, partitions] of current) {
      if (!topicIds.has(topicId)) continue;
      for (const partition of partitions) if (partition < partitionCount(topicId)) add(load, topicId, partition);
    }
  }
}

/** As in Kafka: many partitions for each reader first, then topics with few readers. */
function fewestReadersFirst(readersOf: ReadonlyMap<string, readonly Load[]>, partitionCount: PartitionCount): string[] {
  const perReader = (topicId: string) => partitionCount(topicId) / (readersOf.get(topicId)?.length ?? 1);
  return [...readersOf.keys()].sort(
    (a, b) => perReader(b) - perReader(a) || (readersOf.get(a)?.length ?? 0) - (readersOf.get(b)?.length ?? 0),
  );
}

function assignFree(topicId: string, count: number, readers: readonly Load[]): void {
  for (let partition = 0; partition < count; partition++) {
    if (readers.some(({ target }) => target.get(topicId)?.has(partition))) continue;
    add(leastOf(readers), topicId, partition);
  }
}

/** One pass of moves; whether there was any. */
function improve(readersOf: ReadonlyMap<string, readonly Load[]>): boolean {
  let hasMoved = false;
  for (const [topicId, readers] of readersOf) {
    for (const from of readers) {
      for (const partition of [...(from.target.get(topicId) ?? [])]) {
        const to = leastOf(readers);
        if (from.size - to.size < 2) break;
        drop(from, topicId, partition);
        add(to, topicId, partition);
        hasMoved = true;
      }
    }
  }
  return hasMoved;
}

function leastOf(readers: readonly Load[]): Load {
  return readers.reduce((least, reader) => (reader.size < least.size ? reader : least));
}

function add(load: Load, topicId: string, partition: number): void {
  give(load.target, topicId, partition);
  load.size++;
}

function drop(load: Load, topicId: string, partition: number): void {
  const partitions = load.target.get(topicId);
  partitions?.delete(partition);
  if (partitions?.size === 0) load.target.delete(topicId);
  load.size--;
}
