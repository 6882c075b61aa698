import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { CreateTopicsRequest, CreateTopicsResponse } from '../../../protocol/schemas/19-create-topics.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../protocol/schemas/19-create-topics.ts';
import { clusterName } from '../../security/resource.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import { awaitTopics } from '../metadata/metadata-wait.ts';

/*
 * CreateTopics 2-7: any broker; the active controller decides.
 * - CREATE on the cluster or on the topic; without DESCRIBE_CONFIGS on it its configs are not told.
 * - Each topic for itself. 5: counts and configs of the new topic in the answer. 7: its id.
 * - Answered once the topics are committed and known to this broker. validateOnly checks and changes nothing.
 * - Not implemented: create.topic.policy.class.name.
 */
export const createTopicsHandler = defineHandler(createTopicsRequest, createTopicsResponse, {
  needs: ['controller', 'quorum'],
  refuse,
  handle: async (request, context, { controller, quorum }) => {
    const { allowed, refused } = splitByRight(request.topics, mayCreate(context));
    const refusedRows = refused.map(({ name }) => ({ name, ...notAuthorized }));
    if (allowed.length === 0) return { topics: refusedRows };
    const asked = { ...request, topics: allowed };
    try {
      const response = await controller.submit(apis.createTopics, asked, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client: context,
      });
      const created = response.topics.filter((topic) => topic.errorCode === errorCode.NONE && !request.validateOnly);
      await awaitTopics(
        quorum,
        created.map((topic) => topic.name),
      );
      return { ...response, topics: [...response.topics.map((row) => shown(row, context)), ...refusedRows] };
    } catch (error) {
      return { topics: [...refuse(asked, codeOfFailure(error)).topics, ...refusedRows] };
    }
  },
});

const notAuthorized = {
  errorCode: errorCode.TOPIC_AUTHORIZATION_FAILED,
  errorMessage: 'Authorization failed.',
} as const;

/** CREATE on the cluster is looked up once. */
function mayCreate(context: RequestContext): (topic: { readonly name: string }) => boolean {
  const mayCreateAll = context.authorize('create', 'cluster', clusterName);
  return ({ name }) => mayCreateAll || context.authorize('create', 'topic', name);
}

/** Who may not read the configs of a topic does not learn those of the one that it has made. */
function shown(row: CreateTopicsResponse['topics'][number], context: RequestContext) {
  if (row.errorCode !== errorCode.NONE || context.authorize('describeConfigs', 'topic', row.name)) return row;
  const topicConfigErrorCode = errorCode.TOPIC_AUTHORIZATION_FAILED;
  return { ...row, topicConfigErrorCode, numPartitions: -1, replicationFactor: -1, configs: [] };
}

function refuse({ topics }: CreateTopicsRequest, code: ErrorCode) {
  return { topics: topics.map(({ name }) => ({ name, errorCode: code, errorMessage: null })) };
}
