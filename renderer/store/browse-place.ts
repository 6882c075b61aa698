/** Where and how much the topic browser reads. */
export interface MessageFilter {
  readonly at: 'newest' | 'oldest' | 'offset' | 'time';
  readonly offset: number;
  readonly timestampMs: number;
  /** Undefined: all. */
  readonly partition: number | undefined;
  readonly limit: number;
}

/** What the topic browser shows. */
export interface BrowsePlace {
  /** Id of a Kafka Connection of the project; empty for the bundled cluster. */
  readonly connection: string;
  readonly topic: string | null;
  readonly filter: MessageFilter;
  /** The message that is open: `<partition>-<offset>`. */
  readonly message: string | null;
}

/** The newest messages of all partitions. */
export const newestMessages: MessageFilter = {
  at: 'newest',
  offset: 0,
  timestampMs: 0,
  partition: undefined,
  limit: 100,
};

/** Nothing chosen yet. */
export const emptyBrowse: BrowsePlace = { connection: '', topic: null, filter: newestMessages, message: null };

/** What names a message inside its topic. */
export function messageKeyOf(partition: number, offset: number): string {
  return `${partition}-${offset}`;
}
