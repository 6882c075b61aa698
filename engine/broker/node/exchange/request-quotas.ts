import type { Exchange } from './exchange.ts';

/** What clients may use up of this broker. */
export interface RequestQuotas {
  /** Books a request that has its response. @returns how long its client has to wait for exceeding a quota, in ms; 0: not at all */
  charge(exchange: Exchange): number;
}

export const noQuotas: RequestQuotas = { charge: () => 0 };
