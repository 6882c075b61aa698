import type { TransactionEnd } from '../coordinator/internal-log.ts';
import type { StateMachine } from '../coordinator/state-machine.ts';
import { applyRecord, noGroups } from './apply-record.ts';
import type { GroupRecord } from './group-records.ts';
import { decodeGroupRecord, encodeGroupRecord } from './group-records.ts';
import { HeldOffsets } from './offsets/held-offsets.ts';
import { SoftGroups } from './soft-groups.ts';
import type { StoredGroups } from './stored-group.ts';

/** The groups of one partition of `__consumer_offsets`. */
export interface GroupShard {
  readonly stored: StoredGroups;
  /** Offsets of open transactions. */
  readonly held: HeldOffsets;
  readonly soft: SoftGroups;
}

/** Groups for the coordinator's runtime: records move what is stored, and nothing else. */
export const groupMachine: StateMachine<GroupShard, GroupRecord> = {
  create: () => ({ stored: noGroups(), held: new HeldOffsets(), soft: new SoftGroups() }),
  encode: encodeGroupRecord,
  decode: decodeGroupRecord,
  apply: ({ stored, held }, record, recordOffset) => {
    applyRecord(stored, record, recordOffset);
    if (record.kind === 'offset' && !record.committed) held.forget(record.place, recordOffset);
  },
  transactions: { hold, end },
};

/** Offsets are all that is written in transactions; anything else is applied as it comes. */
function hold({ stored, held }: GroupShard, record: GroupRecord, recordOffset: number, producerId: number): void {
  if (record.kind === 'offset') held.hold(record, recordOffset, producerId);
  else applyRecord(stored, record, recordOffset);
}

function end({ stored, held }: GroupShard, transaction: TransactionEnd): void {
  const released = held.release(transaction);
  if (transaction.isAbort) return;
  for (const { record, recordOffset } of released) applyRecord(stored, record, recordOffset);
}
