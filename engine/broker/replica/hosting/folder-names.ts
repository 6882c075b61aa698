import { isReservedTopicName } from '../../../protocol/system-topics.ts';

/** Longest folder name that file systems take, in bytes. */
const folderNameMax = 255;

/** Why a folder is no partition's any more: its topic was deleted, or the metadata does not know it. Kafka's suffixes. */
export type AsideKind = 'delete' | 'stray';

/**
 * The name under which a partition's folder is put aside, `orders-0.<32 hex digits>-stray`, as Kafka makes it. A partition's
 * own folder ends in a number, so that no topic can be named like this. A long topic name is cut.
 */
export function asideName(topic: string, partition: number, id: Uint8Array, kind: AsideKind): string {
  const suffix = `-${partition}.${Buffer.from(id).toString('hex')}-${kind}`;
  return topic.slice(0, folderNameMax - suffix.length) + suffix;
}

/** Which kind of folder put aside the name is of; undefined for every other name. */
export function asideKindOf(name: string): AsideKind | undefined {
  const match = /^.*\.[0-9a-f]{32}-(delete|stray)$/.exec(name);
  return match?.[1] as AsideKind | undefined;
}

/** Topic and partition of a partition's folder; undefined for every other name, reserved ones among them. */
export function partitionOfFolder(name: string): { topic: string; partition: number } | undefined {
  const match = /^(.+)-(\d+)$/.exec(name);
  return match?.[1] && !isReservedTopicName(match[1]) ? { topic: match[1], partition: Number(match[2]) } : undefined;
}
