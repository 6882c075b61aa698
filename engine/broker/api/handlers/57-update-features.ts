import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { updateFeaturesRequest, updateFeaturesResponse } from '../../../protocol/schemas/57-update-features.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * UpdateFeatures 0-2: any broker; the active controller decides (KIP-584, 1022).
 * - ALTER on the cluster. All features move, or none: one error for all. validateOnly checks and changes nothing.
 * - 0: `allowDowngrade` is read by no one, as in Kafka: a downgrade takes version 1. 0 and 1 have a row for each feature.
 */
export const updateFeaturesHandler = defineHandler(updateFeaturesRequest, updateFeaturesResponse, {
  needs: ['controller'],
  right: clusterRight('alter'),
  refuse: (_request, code) => refuse(code),
  handle: async (request, context, { controller }) => {
    try {
      return await controller.submit(apis.updateFeatures, request, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client: context,
      });
    } catch (error) {
      return refuse(codeOfFailure(error));
    }
  },
});

function refuse(code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code), results: [] };
}
