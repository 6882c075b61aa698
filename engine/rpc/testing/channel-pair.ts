import type { Channel } from '../serve-contract.ts';

/** The two ends of a channel in memory. What is sent arrives at once, as a copy that a channel between processes would make. */
export function channelPair(): [Channel, Channel] {
  const listeners: ((message: unknown) => void)[] = [];
  const end = (own: number, other: number): Channel => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      listeners[other]?.(copy);
      return true;
    },
    onMessage: (listener) => {
      listeners[own] = listener;
    },
  });
  return [end(0, 1), end(1, 0)];
}
