import type { Disk } from '../../../base/disk.ts';
import { MillraceError } from '../../../base/errors.ts';
import type { ElectionState } from '../../raft/raft-effect.ts';

/** Kafka's form of the file for a quorum with fixed voters. */
interface QuorumState {
  readonly clusterId: string;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly votedId: number;
  readonly appliedOffset: number;
  readonly currentVoters: readonly { readonly voterId: number }[];
  readonly data_version: number;
}

/** The file `quorum-state` beside the metadata log: epoch and vote, written and synced before they count. */
export class QuorumStateFile {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #voters: readonly number[];

  constructor(disk: Disk, folder: string, voters: readonly number[]) {
    this.#disk = disk;
    this.#path = `${folder}/quorum-state`;
    this.#voters = voters;
  }

  /** Undefined at the first start. A file that cannot be read is a broken environment: a vote must not be forgotten. */
  read(): ElectionState | undefined {
    const text = this.#disk.readFile(this.#path)?.toString('utf8');
    if (text === undefined) return undefined;
    try {
      const { leaderEpoch, votedId, leaderId } = JSON.parse(text) as Partial<QuorumState>;
      if (Number.isInteger(leaderEpoch) && Number.isInteger(votedId))
        return { epoch: leaderEpoch!, votedFor: votedId!, leaderId: leaderId ?? -1 };
    } catch {
      // Falls through to the refusal below, which names the file.
    }
    throw new MillraceError('QUORUM_STATE_UNREADABLE', `expected epoch and vote in ${this.#path}, found "${text}"`);
  }

  write({ epoch, votedFor, leaderId }: ElectionState): void {
    const state: QuorumState = {
      clusterId: '',
      leaderId,
      leaderEpoch: epoch,
      votedId: votedFor,
      appliedOffset: 0,
      currentVoters: this.#voters.map((voterId) => ({ voterId })),
      data_version: 0,
    };
    this.#disk.writeFileAtomic(this.#path, Buffer.from(JSON.stringify(state)));
  }
}
