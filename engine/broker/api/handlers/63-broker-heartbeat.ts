import { brokerHeartbeatRequest, brokerHeartbeatResponse } from '../../../protocol/schemas/63-broker-heartbeat.ts';
import { controllerCommand } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * BrokerHeartbeat 0-2, from each broker to the active controller (KIP-631).
 * - Keeps the broker's session, unfences it, and leads it through a controlled shutdown.
 * - Not implemented: failed and cordoned log folders.
 */
export const brokerHeartbeatHandler = defineHandler(brokerHeartbeatRequest, brokerHeartbeatResponse, {
  needs: ['quorum'],
  handle: (request, { apiKey }, { quorum }) => controllerCommand(apiKey, request, brokerHeartbeatResponse, quorum),
});
