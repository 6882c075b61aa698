import type { Diff } from '../../engine/model/diff.ts';

/** One step that can be undone: how the document changed, and what the user calls it. */
export interface HistoryEntry {
  readonly label: string;
  readonly diff: Diff;
  /** Names the document that this step led to; never reused, so that it tells a saved document from a changed one. */
  readonly version: number;
  /** Steps in a row with the same key become one: typing in a field, nudging with the arrow keys. */
  readonly squashKey?: string | undefined;
}

/** Steps that were made and steps that were undone, oldest first. */
export interface History {
  readonly past: readonly HistoryEntry[];
  readonly future: readonly HistoryEntry[];
  /** Version of the document before the oldest step. */
  readonly baseVersion: number;
  /** Highest version handed out. */
  readonly lastVersion: number;
}

/** Steps that can be undone; older ones are forgotten. */
export const historyEntriesMax = 500;

/** A history without steps. */
export const emptyHistory: History = { past: [], future: [], baseVersion: 0, lastVersion: 0 };

/** The version of the document as it is now. */
export function currentVersion(history: History): number {
  return history.past.at(-1)?.version ?? history.baseVersion;
}

/** Adds a step and forgets what was undone before. */
export function pushEntry(history: History, step: Omit<HistoryEntry, 'version'>): History {
  const version = history.lastVersion + 1;
  const past = [...history.past, { ...step, version }];
  const dropped = past.length > historyEntriesMax ? past.shift() : undefined;
  return { past, future: [], baseVersion: dropped?.version ?? history.baseVersion, lastVersion: version };
}

/** The newest step, when a step with this key would join it. */
export function joinableEntry(history: History, squashKey: string | undefined): HistoryEntry | undefined {
  const last = history.past.at(-1);
  return squashKey !== undefined && history.future.length === 0 && last?.squashKey === squashKey ? last : undefined;
}

/** Replaces the newest step by a longer one. */
export function replaceLast(history: History, step: Omit<HistoryEntry, 'version'>): History {
  return pushEntry({ ...history, past: history.past.slice(0, -1) }, step);
}

/** The history after undoing its newest step; the caller applies the reverse of `past.at(-1).diff`. */
export function stepBack(history: History): History {
  const last = history.past.at(-1);
  return last === undefined
    ? history
    : { ...history, past: history.past.slice(0, -1), future: [last, ...history.future] };
}

/** The history after redoing the step that was undone last. */
export function stepForward(history: History): History {
  const [next, ...future] = history.future;
  return next === undefined
    ? history
    : { ...history, past: [...history.past, { ...next, squashKey: undefined }], future };
}
