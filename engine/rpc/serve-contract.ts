import type { Log } from '../base/log.ts';
import { answerRequest } from './answer-request.ts';
import type { Contract, ContractHandlers, Emit } from './define-contract.ts';

/** Carries messages as they are, in order, to the other end: the IPC channel of a child, a pair in memory. */
export interface Channel {
  /** False: there is nobody to take it, or no room. */
  send(message: unknown): boolean;
  /** One listener. */
  onMessage(listener: (message: unknown) => void): void;
}

/**
 * Answers what comes over a channel, by a contract. The handlers are made of what sends events to the other end. What bounds the
 * calls at once is up to whoever asks: the two ends trust each other.
 */
export function serveContract<C extends Contract>(
  contract: C,
  channel: Channel,
  log: Log,
  handlersOf: (emit: Emit<C>) => ContractHandlers<C, undefined>,
): void {
  const handlers = handlersOf((method, params) => channel.send({ jsonrpc: '2.0', method, params }));
  channel.onMessage(
    (frame) =>
      void answerRequest(contract, frame, handlers, undefined, log).then((answer) => void channel.send(answer)),
  );
}
