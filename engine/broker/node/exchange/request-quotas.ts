import type { Exchange } from './exchange.ts';

/** What clients may use up of this broker. */
export interface RequestQuotas {
  /** Whether the time that requests take is counted; it is measured only then. */
  readonly timesRequests: boolean;
  /** Books a request that has its response. @returns how long its client has to wait for exceeding a quota, in ms; 0: not at all */
  charge(exchange: Exchange): number;
  /** Books the time that its response took to be sent, for the requests to come. */
  sent(exchange: Exchange, durationMs: number): void;
}

export const noQuotas: RequestQuotas = { timesRequests: false, charge: () => 0, sent: () => {} };
