import {
  allocateProducerIdsRequest,
  allocateProducerIdsResponse,
} from '../../../protocol/schemas/67-allocate-producer-ids.ts';
import { controllerCommand } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * AllocateProducerIds 0, from a broker to the active controller: a block of producer ids (KIP-730).
 */
export const allocateProducerIdsHandler = defineHandler(allocateProducerIdsRequest, allocateProducerIdsResponse, {
  needs: ['quorum'],
  handle: (request, { apiKey }, { quorum }) => controllerCommand(apiKey, request, allocateProducerIdsResponse, quorum),
});
