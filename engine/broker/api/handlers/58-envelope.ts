import { envelopeRequest, envelopeResponse } from '../../../protocol/schemas/58-envelope.ts';
import { answerEnvelope } from '../controller/envelope.ts';
import { defineHandler } from '../handler.ts';

/*
 * Envelope 0, between brokers: a client's request on its way to the active controller (KIP-590).
 * - On any other broker the envelope is answered with NOT_CONTROLLER, and its sender looks for the controller anew.
 * - Not implemented: the principal, since there are no ACLs yet.
 */
export const envelopeHandler = defineHandler(envelopeRequest, envelopeResponse, {
  needs: ['quorum'],
  handle: (request, _context, { quorum }) => answerEnvelope(request, (...command) => quorum.command(...command)),
});
