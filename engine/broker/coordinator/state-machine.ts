import type { KeyValue, TransactionEnd } from './internal-log.ts';

/** A record that this version does not know: a newer broker has written it. */
export interface UnknownRecord {
  readonly kind: 'unknown';
  /** Which part has a version that is not known: the key's says what a record is about, the value's how it says it. */
  readonly part: 'key' | 'value';
  readonly version: number;
}

/** What a coordinator keeps on one partition of its topic: how its records are written and read, and what they do to the state. */
export interface StateMachine<State, Rec extends { readonly kind: string }> {
  /** The state of a partition without records. */
  create(): State;
  encode(record: Rec): KeyValue;
  /** @throws DecodeError when the bytes are not what their version says */
  decode(record: KeyValue): Rec | UnknownRecord;
  /** The one writer of the state: for a record that was just committed and for one that is read back, in the order of the log. */
  apply(state: State, record: Rec, recordOffset: number): void;
  /** Where records may be written in transactions; without it nobody writes any. */
  readonly transactions?: {
    /** Keeps a record apart until its transaction ends. */
    hold(state: State, record: Rec, recordOffset: number, producerId: number): void;
    /** The transaction has ended: what was held is applied, or forgotten. */
    end(state: State, end: TransactionEnd): void;
  };
}
