import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { CreatePartitionsRequest } from '../../../protocol/schemas/37-create-partitions.ts';
import { createPartitionsRequest, createPartitionsResponse } from '../../../protocol/schemas/37-create-partitions.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * CreatePartitions 0-3: any broker; the active controller decides.
 * - `count` is the number wanted in all; replicas may be named by hand. validateOnly checks and changes nothing.
 */
export const createPartitionsHandler = defineHandler(createPartitionsRequest, createPartitionsResponse, {
  needs: ['controller'],
  refuse,
  handle: async (request, client, { controller }) => {
    try {
      return await controller.submit(apis.createPartitions, request, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client,
      });
    } catch (error) {
      return refuse(request, codeOfFailure(error));
    }
  },
});

function refuse({ topics }: CreatePartitionsRequest, errorCode: ErrorCode) {
  return { results: topics.map(({ name }) => ({ name, errorCode, errorMessage: null })) };
}
