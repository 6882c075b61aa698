import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { DeleteTopicsRequest } from '../../../protocol/schemas/20-delete-topics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../protocol/schemas/20-delete-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';

type Asked = DeleteTopicsRequest['topics'][number];
type Row = ReturnType<typeof refusedRow>;

/*
 * DeleteTopics 1-6: any broker; the active controller decides.
 * - DELETE on each topic.
 * - By name, from 6 on also by id. Configs of the topic go with it.
 * - Answered once the deletion is committed; brokers remove their files as they learn of it.
 */
export const deleteTopicsHandler = defineHandler(deleteTopicsRequest, deleteTopicsResponse, {
  needs: ['controller', 'quorum'],
  refuse: (request, code) => ({ responses: askedTopics(request).map((topic) => refusedRow(topic, code)) }),
  handle: async (request, context, { controller, quorum }) => {
    const view = quorum.image;
    const topics: Asked[] = [];
    const refusedRows: Row[] = [];
    for (const topic of askedTopics(request)) {
      const refusal = refusalOf(topic, view, context);
      if (refusal) refusedRows.push(refusal);
      else topics.push(topic);
    }
    if (topics.length === 0) return { responses: refusedRows };
    try {
      const response = await controller.submit(apis.deleteTopics, askedOf(request, topics), {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client: context,
      });
      return { ...response, responses: [...response.responses, ...refusedRows] };
    } catch (error) {
      const code = codeOfFailure(error);
      return { responses: [...topics.map((topic) => refusedRow(topic, code)), ...refusedRows] };
    }
  },
});

/** The request for what is left of it, in the form that its version has. */
function askedOf(request: DeleteTopicsRequest, topics: Asked[]): DeleteTopicsRequest {
  if (request.topicNames.length > 0) return { ...request, topicNames: topics.map(({ name }) => name ?? '') };
  return { ...request, topics };
}

/** DELETE on the topic; who may not even describe it does not learn its name, or whether it exists. */
function refusalOf(asked: Asked, view: ClusterView, context: RequestContext): Row | undefined {
  const isById = asked.topicId !== zeroUuid;
  const name = isById ? view.topicsById.get(asked.topicId)?.name : asked.name;
  // An id that no topic has is nobody's secret.
  if (name === undefined || name === null) return undefined;
  if (context.authorize('delete', 'topic', name)) return undefined;
  if (!context.authorize('describe', 'topic', name))
    return refusedRow({ ...asked, name: isById ? null : name }, errorCode.TOPIC_AUTHORIZATION_FAILED);
  const isMissing = !view.topics.has(name);
  const code = isMissing ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : errorCode.TOPIC_AUTHORIZATION_FAILED;
  const row = refusedRow({ ...asked, name }, code);
  return isMissing ? { ...row, errorMessage: 'This server does not host this topic-partition.' } : row;
}

/** What is asked for, in whichever form the version has. */
function askedTopics({ topics, topicNames }: DeleteTopicsRequest) {
  return [...topics, ...topicNames.map((name) => ({ name, topicId: zeroUuid }))];
}

function refusedRow({ name, topicId }: Asked, code: ErrorCode) {
  return { name, topicId, errorCode: code, errorMessage: refusalMessage(code) };
}
