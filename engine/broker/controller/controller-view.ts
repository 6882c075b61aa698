import type { Random } from '../../base/random.ts';
import type { MetadataRecord } from '../../protocol/metadata-record.ts';
import type { ConfigSchema } from './configs/config-schema.ts';
import type { MetadataImage } from './metadata-image.ts';

/** Settings that the controller's decisions depend on. */
export interface ControllerSettings {
  readonly numPartitions: number;
  readonly defaultReplicationFactor: number;
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElectionEnable: boolean;
  readonly deleteTopicEnable: boolean;
}

/** What a command is planned against. */
export interface ControllerView {
  /** All records appended so far, committed or not. */
  readonly image: MetadataImage;
  /** Offset that the first planned record will get. */
  readonly nextOffset: number;
  readonly random: Random;
  readonly settings: ControllerSettings;
  readonly configs: ConfigSchema;
}

/** The outcome of planning: the records to append, and the reply to give once they are committed. */
export interface Plan<Reply> {
  readonly records: readonly MetadataRecord[];
  readonly reply: Reply;
  /** The voters that the cluster was started with are written down behind the records (kraft.version 1). */
  readonly writesVoters?: true;
}

/** Records that one command may append; more is refused with POLICY_VIOLATION, as in Kafka. */
export const recordsPerCommandMax = 10_000;
