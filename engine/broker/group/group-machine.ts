import type { StateMachine } from '../coordinator/state-machine.ts';
import { applyRecord, noGroups } from './apply-record.ts';
import type { GroupRecord } from './group-records.ts';
import { decodeGroupRecord, encodeGroupRecord } from './group-records.ts';
import { SoftGroups } from './soft-groups.ts';
import type { StoredGroups } from './stored-group.ts';

/** The groups of one partition of `__consumer_offsets`. */
export interface GroupShard {
  readonly stored: StoredGroups;
  readonly soft: SoftGroups;
}

/** Groups for the coordinator's runtime: records move what is stored, and nothing else. */
export const groupMachine: StateMachine<GroupShard, GroupRecord> = {
  create: () => ({ stored: noGroups(), soft: new SoftGroups() }),
  encode: encodeGroupRecord,
  decode: decodeGroupRecord,
  apply: ({ stored }, record, recordOffset) => applyRecord(stored, record, recordOffset),
};
