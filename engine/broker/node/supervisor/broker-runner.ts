import type { BrokerFile } from '../config/broker-config.ts';
import type { ProcessMark } from './cluster-file.ts';

/** Why a broker ended. */
export interface BrokerExit {
  /** True when it had been told to end. */
  readonly isExpected: boolean;
  readonly code: string;
  readonly message: string;
}

export interface BrokerRunnerEvents {
  readonly onListening: (port: number) => void;
  readonly onReady: () => void;
  /** It gets on with its start or its stop; `left` says what it waits for or has still to do. */
  readonly onProgress: (left: string) => void;
  readonly onExit: (exit: BrokerExit) => void;
  /** What it writes to standard error: its log, where that goes to no file. */
  readonly onErrorText?: (text: string) => void;
}

/** One run of a broker: a child process, or the broker inside this process. */
export interface BrokerRunner {
  /** Null when it has no process of its own. */
  readonly process: ProcessMark | null;
  /**
   * Ends it in order, however long that takes while it makes progress; resolves when it has ended, with why not in order
   * if it had to be killed or cut itself off. `wholeCluster`: the others end with it.
   */
  stop(wholeCluster: boolean): Promise<string | undefined>;
  /** Ends it at once, as a crash would; resolves when it has ended. */
  kill(): Promise<void>;
  /** Partitions led by it that lack an in-sync replica; undefined where it does not tell. */
  lackingReplicas(): Promise<number | undefined>;
  /** Freezes and thaws it (fault panel); false where that cannot be done. */
  freeze(frozen: boolean): boolean;
}

export type StartRunner = (file: BrokerFile, events: BrokerRunnerEvents) => BrokerRunner;
