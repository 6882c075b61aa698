import { envelopeRequest, envelopeResponse } from '../../../protocol/schemas/58-envelope.ts';
import { answerEnvelope } from '../controller/envelope.ts';
import { defineHandler } from '../handler.ts';

/*
 * Envelope 0, between brokers: a client's request on its way to the active controller (KIP-590).
 * - On any other broker the envelope is answered with NOT_CONTROLLER, and its sender looks for the controller anew.
 * - What a client may do is decided where it asks, before its request is put into an envelope: the principal stays behind.
 */
export const envelopeHandler = defineHandler(envelopeRequest, envelopeResponse, {
  needs: ['quorum'],
  handle: (request, _context, { quorum }) => answerEnvelope(request, (...command) => quorum.command(...command)),
});
