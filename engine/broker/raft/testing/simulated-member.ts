import { assert } from '../../../base/assert.ts';
import type { EpochStart, LogView, SnapshotId } from '../log-view.ts';
import type { ElectionState } from '../raft-effect.ts';
import type { Voter, VoterSet } from '../voter-sets.ts';

/** A record of the simulated log. */
export interface Entry {
  readonly epoch: number;
  readonly value: string;
  /** The record is one of new voters. */
  readonly voters?: readonly Voter[];
}

/** A snapshot with the voters that its records say. */
export interface SimulatedSnapshot {
  readonly id: SnapshotId;
  readonly values: readonly string[];
  readonly voters: readonly Voter[] | undefined;
}

/** What a simulated member has on its disk: entries after a snapshot, of which the first `durable` survive any crash. */
export class SimulatedDisk {
  election: ElectionState | undefined;
  snapshot: SimulatedSnapshot | undefined;
  startOffset = 0;
  entries: Entry[] = [];
  durableOffset = 0;

  get endOffset(): number {
    return this.startOffset + this.entries.length;
  }

  entry(offset: number): Entry | undefined {
    return this.entries[offset - this.startOffset];
  }

  append(entries: readonly Entry[]): void {
    this.entries.push(...entries);
  }

  truncate(offset: number): void {
    assert(offset >= this.startOffset && offset <= this.endOffset, `truncate to ${offset}`);
    this.entries.length = offset - this.startOffset;
    this.durableOffset = Math.min(this.durableOffset, offset);
  }

  trim(startOffset: number): void {
    this.entries.splice(0, startOffset - this.startOffset);
    this.startOffset = startOffset;
  }

  install(snapshot: SimulatedSnapshot): void {
    const { id } = snapshot;
    this.snapshot = snapshot;
    this.startOffset = id.offset;
    this.durableOffset = id.offset;
    this.entries = [];
  }

  /** Values of the whole history below `offset`, from the snapshot and the entries after it. */
  valuesBelow(offset: number): string[] {
    const kept = this.entries.slice(0, offset - this.startOffset).map((entry) => entry.value);
    const before = this.startOffset === 0 ? [] : (this.snapshot?.values.slice(0, this.startOffset) ?? []);
    return [...before, ...kept];
  }

  /** Loses what was not fsynced, or only a part of it (`chance` in [0, 1)). */
  crash(chance: number): void {
    const unsynced = this.endOffset - this.durableOffset;
    this.truncate(this.durableOffset + Math.floor(chance * (unsynced + 1)));
    this.durableOffset = this.endOffset;
  }

  /** The sets of voters in snapshot and log, below `offset`. */
  voterSets(offset = this.endOffset): VoterSet[] {
    const { snapshot } = this;
    const known =
      snapshot?.voters && this.startOffset > 0 ? [{ offset: snapshot.id.offset - 1, voters: snapshot.voters }] : [];
    const later = this.entries.flatMap(({ voters }, index) =>
      voters ? { offset: this.startOffset + index, voters } : [],
    );
    return [...known, ...later].filter((set) => set.offset < offset);
  }

  /** The log view that a member starts from. */
  view(): LogView {
    const epochs: EpochStart[] = [];
    if (this.startOffset > 0 && this.snapshot)
      epochs.push({ epoch: this.snapshot.id.epoch, startOffset: this.startOffset });
    this.entries.forEach((entry, index) => {
      if (entry.epoch !== epochs.at(-1)?.epoch)
        epochs.push({ epoch: entry.epoch, startOffset: this.startOffset + index });
    });
    const { startOffset, endOffset } = this;
    return { startOffset, endOffset, durableOffset: endOffset, epochs, snapshot: this.snapshot?.id, truncations: 0 };
  }
}
