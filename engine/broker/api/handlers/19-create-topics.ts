import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { CreateTopicsRequest } from '../../../protocol/schemas/19-create-topics.ts';
import { createTopicsRequest, createTopicsResponse } from '../../../protocol/schemas/19-create-topics.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';
import { awaitTopics } from '../metadata/metadata-wait.ts';

/*
 * CreateTopics 2-7: any broker; the active controller decides.
 * - Each topic for itself. 5: counts and configs of the new topic in the answer. 7: its id.
 * - Answered once the topics are committed and known to this broker. validateOnly checks and changes nothing.
 * - Not implemented: create.topic.policy.class.name, rack-aware placement.
 */
export const createTopicsHandler = defineHandler(createTopicsRequest, createTopicsResponse, {
  needs: ['controller', 'quorum'],
  refuse,
  handle: async (request, client, { controller, quorum }) => {
    try {
      const response = await controller.submit(apis.createTopics, request, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client,
      });
      const created = response.topics.filter((topic) => topic.errorCode === errorCode.NONE && !request.validateOnly);
      await awaitTopics(
        quorum,
        created.map((topic) => topic.name),
      );
      return response;
    } catch (error) {
      return refuse(request, codeOfFailure(error));
    }
  },
});

function refuse({ topics }: CreateTopicsRequest, errorCode: ErrorCode) {
  return { topics: topics.map(({ name }) => ({ name, errorCode, errorMessage: null })) };
}
