import { apis } from '../../../protocol/api-keys.ts';
import { deleteTopicsRequest, deleteTopicsResponse } from '../../../protocol/schemas/20-delete-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * DeleteTopics 1-6: any broker; the active controller decides.
 * - By name, from 6 on also by id. Configs of the topic go with it.
 * - Answered once the deletion is committed; brokers remove their files as they learn of it.
 */
export const deleteTopicsHandler = defineHandler(
  deleteTopicsRequest,
  deleteTopicsResponse,
  async ({ topics, topicNames, timeoutMs }, { broker }) => {
    // Forwarded in the newest version, which knows no list of names.
    const asked = [...topics, ...topicNames.map((name) => ({ name, topicId: zeroUuid }))];
    try {
      return await broker.controller.submit(
        apis.deleteTopics,
        { topics: asked, timeoutMs },
        { timeoutMs: adminTimeoutMs(timeoutMs) },
      );
    } catch (error) {
      const errorCode = codeOfFailure(error);
      return {
        throttleTimeMs: 0,
        responses: asked.map(({ name, topicId }) => ({ name, topicId, errorCode, errorMessage: null })),
      };
    }
  },
);
