import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { findCoordinatorRequest, findCoordinatorResponse } from '../../../protocol/schemas/10-find-coordinator.ts';
import { offsetsTopicName, transactionsTopicName } from '../../../protocol/system-topics.ts';
import { coordinatorPartition } from '../../coordinator/coordinator-partition.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import { createTopics } from '../metadata/auto-create-topics.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { viewThrough } from '../metadata/cluster-view.ts';

/*
 * FindCoordinator 0-6.
 * - Key type 0, groups, and 1, transactional ids: the leader of the key's partition of __consumer_offsets or
 *   __transaction_state, which is created when it is missing; COORDINATOR_NOT_AVAILABLE until it has a leader, which the client
 *   repeats.
 * - 4+: several keys in one request.
 * - Not implemented: share groups (2): INVALID_REQUEST, as for types that do not exist.
 */

const keyTypeGroup = 0;
const keyTypeTransaction = 1;
/** Where the coordinators of a type of keys keep their state. */
const topicOfKeyType: ReadonlyMap<number, string> = new Map([
  [keyTypeGroup, offsetsTopicName],
  [keyTypeTransaction, transactionsTopicName],
]);

interface Coordinator {
  readonly key: string;
  readonly errorCode: ErrorCode;
  readonly errorMessage: string | null;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export const findCoordinatorHandler = defineHandler(findCoordinatorRequest, findCoordinatorResponse, {
  needs: ['controller', 'log', 'metadata', 'quorum', 'settings'],
  refuse: ({ key, coordinatorKeys }, code, apiVersion) =>
    answer((apiVersion >= 4 ? coordinatorKeys : [key]).map((each) => refused(each, code, null))),
  handle: async ({ key, keyType, coordinatorKeys }, context, services) => {
    const { metadata } = services;
    const keys = context.apiVersion >= 4 ? coordinatorKeys : [key];
    const codes = new Map(keys.map((each) => [each, rightTo(each, keyType, context)]));
    const isAllowed = keys.some((each) => codes.get(each) === errorCode.NONE);
    const topic = topicOfKeyType.get(keyType);
    const isMissing = isAllowed && topic !== undefined && !metadata().topics.has(topic);
    const created = isMissing ? await createTopics([topic], services, context) : undefined;
    const rows = keys.map((each) => {
      const code = codes.get(each) ?? errorCode.NONE;
      return code === errorCode.NONE
        ? find(each, keyType, viewThrough(metadata(), context.session.listener))
        : refused(each, code, refusalMessage(code));
    });
    return { ...answer(rows), throttleTimeMs: created?.throttleTimeMs ?? 0 };
  },
});

/** DESCRIBE on what the coordinator is for; share partitions are the brokers' own matter. */
function rightTo(key: string, keyType: number, context: RequestContext): ErrorCode {
  if (keyType === keyTypeGroup)
    return context.authorize('describe', 'group', key) ? errorCode.NONE : errorCode.GROUP_AUTHORIZATION_FAILED;
  if (keyType === keyTypeTransaction)
    return context.authorize('describe', 'transactionalId', key)
      ? errorCode.NONE
      : errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  return errorCode.NONE;
}

/** Up to version 3 there is one coordinator, in the response itself; from 4 on rows (KIP-699). */
function answer(coordinators: readonly Coordinator[]) {
  const first = coordinators[0] ?? { errorCode: 0, errorMessage: null, nodeId: -1, host: '', port: -1 };
  return { ...first, coordinators };
}

function refused(key: string, code: ErrorCode, message: string | null): Coordinator {
  return { key, errorCode: code, errorMessage: message, nodeId: -1, host: '', port: -1 };
}

function find(key: string, keyType: number, view: ClusterView): Coordinator {
  const topicName = topicOfKeyType.get(keyType);
  if (topicName === undefined)
    return refused(
      key,
      errorCode.INVALID_REQUEST,
      `expected key type 0 (group) or 1 (transactional id), found ${keyType}: this broker coordinates no others`,
    );
  const topic = view.topics.get(topicName);
  const partition = topic?.partitions[coordinatorPartition(key, topic.partitions.length)];
  const leader = view.brokers.get(partition?.leader ?? -1);
  if (!leader || leader.fenced) {
    return refused(
      key,
      errorCode.COORDINATOR_NOT_AVAILABLE,
      `the partition of ${topicName} that holds ${key} has no leader yet`,
    );
  }
  return {
    key,
    errorCode: errorCode.NONE,
    errorMessage: null,
    nodeId: leader.id,
    host: leader.host,
    port: leader.port,
  };
}
