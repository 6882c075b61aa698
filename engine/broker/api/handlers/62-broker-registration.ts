import {
  brokerRegistrationRequest,
  brokerRegistrationResponse,
} from '../../../protocol/schemas/62-broker-registration.ts';
import { controllerCommand } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * BrokerRegistration 0-4, from a broker that starts to the active controller (KIP-631).
 * - Answers the broker epoch. A second broker with the id of one that lives is DUPLICATE_BROKER_REGISTRATION.
 * - 3: the previous broker epoch tells a clean restart from an unclean one (KIP-966).
 * - Not implemented: migration from ZooKeeper.
 */
export const brokerRegistrationHandler = defineHandler(brokerRegistrationRequest, brokerRegistrationResponse, {
  needs: ['quorum'],
  handle: (request, { apiKey }, { quorum }) => controllerCommand(apiKey, request, brokerRegistrationResponse, quorum),
});
