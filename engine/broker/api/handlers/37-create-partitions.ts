import { apis } from '../../../protocol/api-keys.ts';
import { createPartitionsRequest, createPartitionsResponse } from '../../../protocol/schemas/37-create-partitions.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * CreatePartitions 0-3: any broker; the active controller decides.
 * - `count` is the number wanted in all; replicas may be named by hand. validateOnly checks and changes nothing.
 */
export const createPartitionsHandler = defineHandler(
  createPartitionsRequest,
  createPartitionsResponse,
  async (request, { broker }) => {
    try {
      return await broker.controller.submit(apis.createPartitions, request, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
      });
    } catch (error) {
      const errorCode = codeOfFailure(error);
      return {
        throttleTimeMs: 0,
        results: request.topics.map(({ name }) => ({ name, errorCode, errorMessage: null })),
      };
    }
  },
);
