import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { DeleteTopicsRequest } from '../../../protocol/schemas/20-delete-topics.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../protocol/schemas/20-delete-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * DeleteTopics 1-6: any broker; the active controller decides.
 * - By name, from 6 on also by id. Configs of the topic go with it.
 * - Answered once the deletion is committed; brokers remove their files as they learn of it.
 */
export const deleteTopicsHandler = defineHandler(deleteTopicsRequest, deleteTopicsResponse, {
  needs: ['controller'],
  refuse,
  handle: async (request, client, { controller }) => {
    try {
      return await controller.submit(apis.deleteTopics, request, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client,
      });
    } catch (error) {
      return refuse(request, codeOfFailure(error));
    }
  },
});

/** What is asked for, in whichever form the version has. */
function askedTopics({ topics, topicNames }: DeleteTopicsRequest) {
  return [...topics, ...topicNames.map((name) => ({ name, topicId: zeroUuid }))];
}

function refuse(request: DeleteTopicsRequest, errorCode: ErrorCode) {
  return {
    responses: askedTopics(request).map(({ name, topicId }) => ({ name, topicId, errorCode, errorMessage: null })),
  };
}
