import type { InternalLog, StoredRecord } from './internal-log.ts';
import type { LoadCounts } from './load-counts.ts';
import { noLoads } from './load-counts.ts';
import type { StateMachine, UnknownRecord } from './state-machine.ts';
import { UnreadableRecordError } from './unreadable-record-error.ts';

/** Unknown versions that a load names in the log; more are only counted. */
const namedVersionsMax = 16;

/** What a load has built, and what it passed over. */
export interface Loaded<State> {
  readonly state: State;
  readonly counts: LoadCounts;
  /** `key 20`, `value 9`: the versions that were not known. */
  readonly unknownVersions: ReadonlySet<string>;
}

/**
 * Reads a partition back into a state of its own, so that a load that fails half way leaves nothing behind.
 * @throws UnreadableRecordError, and what `InternalLog.load` throws
 */
export async function loadShard<State, Rec extends { readonly kind: string }>(
  log: InternalLog,
  partition: number,
  machine: StateMachine<State, Rec>,
): Promise<Loaded<State>> {
  const state = machine.create();
  const counts = noLoads();
  const unknownVersions = new Set<string>();
  const passOver = ({ part, version }: UnknownRecord): void => {
    if (part === 'key') counts.unknownKeys++;
    else counts.unknownValues++;
    if (unknownVersions.size < namedVersionsMax) unknownVersions.add(`${part} ${version}`);
  };
  const { transactions } = machine;
  const take = (stored: StoredRecord): void => {
    const record = decoded(machine, stored);
    if (isUnknown(record)) passOver(record);
    else if (stored.producerId === undefined || !transactions) machine.apply(state, record, stored.offset);
    else transactions.hold(state, record, stored.offset, stored.producerId);
  };
  const summary = await log.load(partition, take, (end) => {
    if (transactions) transactions.end(state, end);
    else counts.controlBatches++;
  });
  counts.controlBatches += summary.controlBatches;
  return { state, counts, unknownVersions };
}

function isUnknown(record: { readonly kind: string }): record is UnknownRecord {
  return record.kind === 'unknown';
}

function decoded<State, Rec extends { readonly kind: string }>(
  machine: StateMachine<State, Rec>,
  stored: StoredRecord,
): Rec | UnknownRecord {
  try {
    return machine.decode(stored);
  } catch (error) {
    throw new UnreadableRecordError(stored.offset, error);
  }
}
