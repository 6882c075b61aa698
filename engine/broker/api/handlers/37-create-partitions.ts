import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { CreatePartitionsRequest } from '../../../protocol/schemas/37-create-partitions.ts';
import { createPartitionsRequest, createPartitionsResponse } from '../../../protocol/schemas/37-create-partitions.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * CreatePartitions 0-3: any broker; the active controller decides.
 * - ALTER on each topic.
 * - `count` is the number wanted in all; replicas may be named by hand. validateOnly checks and changes nothing.
 */
export const createPartitionsHandler = defineHandler(createPartitionsRequest, createPartitionsResponse, {
  needs: ['controller'],
  refuse,
  handle: async (request, context, { controller }) => {
    const { allowed, refused } = splitByRight(request.topics, ({ name }) => context.authorize('alter', 'topic', name));
    const refusedRows = refuse({ topics: refused }, errorCode.TOPIC_AUTHORIZATION_FAILED).results;
    if (allowed.length === 0) return { results: refusedRows };
    const asked = { ...request, topics: allowed };
    try {
      const response = await controller.submit(apis.createPartitions, asked, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client: context,
      });
      return { ...response, results: [...response.results, ...refusedRows] };
    } catch (error) {
      return { results: [...refuse(asked, codeOfFailure(error)).results, ...refusedRows] };
    }
  },
});

function refuse({ topics }: Pick<CreatePartitionsRequest, 'topics'>, code: ErrorCode) {
  return { results: topics.map(({ name }) => ({ name, errorCode: code, errorMessage: null })) };
}
