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
  readonly onExit: (exit: BrokerExit) => void;
}

/** One run of a broker: a child process, or the broker inside this process. */
export interface BrokerRunner {
  /** Null when it has no process of its own. */
  readonly process: ProcessMark | null;
  /** Ends it in order, within a bound; resolves when it has ended. `wholeCluster`: the others end with it. */
  stop(wholeCluster: boolean): Promise<void>;
  /** Ends it at once, as a crash would; resolves when it has ended. */
  kill(): Promise<void>;
  /** Freezes and thaws it (fault panel); false where that cannot be done. */
  freeze(frozen: boolean): boolean;
}

export type StartRunner = (file: BrokerFile, events: BrokerRunnerEvents) => BrokerRunner;
