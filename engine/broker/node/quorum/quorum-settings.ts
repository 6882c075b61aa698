import type { BrokerSettings } from '../../api/configs/broker-settings.ts';
import type { ControllerSettings } from '../../controller/controller-view.ts';
import type { RaftSettings } from '../../raft/raft-settings.ts';
import { raftDefaults } from '../../raft/raft-settings.ts';

/** Everything that may be set about the quorum and the controller on it. Times in milliseconds, sizes in bytes. */
export interface QuorumSettings {
  readonly raft: Omit<RaftSettings, 'nodeId' | 'directoryId' | 'voters'>;
  readonly controller: ControllerSettings;
  /** Longest wait for another voter's answer. */
  readonly requestTimeoutMs: number;
  /** A broker that has not been heard for this long is fenced. */
  readonly brokerSessionTimeoutMs: number;
  /** How often leaderships are given back to preferred leaders (`leader.imbalance.check.interval.seconds`). */
  readonly leaderBalanceIntervalMs: number;
  /** Time that the quota of changes is gathered for: its samples times their length (`controller.quota.window.*`). */
  readonly mutationWindowSeconds: number;
  /** Bytes of committed records after which a snapshot is taken (`metadata.log.max.record.bytes.between.snapshots`). */
  readonly snapshotAfterBytes: number;
  /** Bytes of records in one fetch answer, and of a snapshot in one piece. */
  readonly fetchBytesMax: number;
  /** Segment size of the metadata log: the log before a snapshot goes segment by segment. */
  readonly segmentBytes: number;
  /** Whether a broker that does not vote asks to (`controller.quorum.auto.join.enable`). */
  readonly joinsVoters: boolean;
  /** How long the gateway keeps trying to reach the active controller. */
  readonly submitTimeoutMs: number;
}

const mebibyte = 1_048_576;

/** The quorum's part of a broker's settings; what Kafka has no setting for gets its value here. */
export function quorumSettingsFrom(settings: BrokerSettings): QuorumSettings {
  const requestTimeoutMs = settings.controllerQuorumRequestTimeoutMs;
  return {
    raft: {
      ...raftDefaults,
      electionTimeoutMs: settings.controllerQuorumElectionTimeoutMs,
      electionBackoffMsMax: settings.controllerQuorumElectionBackoffMaxMs,
      fetchTimeoutMs: settings.controllerQuorumFetchTimeoutMs,
      // A fetch must be answered, and followed by the next one, well within the time that calls for an election.
      fetchWaitMsMax: Math.min(raftDefaults.fetchWaitMsMax, settings.controllerQuorumFetchTimeoutMs / 3),
    },
    controller: settings,
    requestTimeoutMs,
    brokerSessionTimeoutMs: settings.brokerSessionTimeoutMs,
    leaderBalanceIntervalMs: settings.leaderImbalanceCheckIntervalSeconds * 1_000,
    mutationWindowSeconds: settings.controllerQuotaWindowNum * settings.controllerQuotaWindowSizeSeconds,
    snapshotAfterBytes: settings.metadataLogMaxRecordBytesBetweenSnapshots,
    fetchBytesMax: mebibyte,
    segmentBytes: settings.metadataLogSegmentBytes,
    joinsVoters: settings.controllerQuorumAutoJoinEnable,
    submitTimeoutMs: 10_000,
  };
}
