/** What a listener speaks, in Kafka's words. */
export const listenerProtocols = ['PLAINTEXT', 'SASL_PLAINTEXT'] as const;
export type ListenerProtocol = (typeof listenerProtocols)[number];

/** The only listener of a broker. */
export const listenerName = 'PLAINTEXT';

/** The parts of a list setting. */
export function listsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** What the listener speaks by a `listener.security.protocol.map`; undefined where it does not say, or what is not served. */
export function listenerProtocol(map: string): ListenerProtocol | undefined {
  const found = listsOf(map).find((entry) => entry.startsWith(`${listenerName}:`));
  return listenerProtocols.find((protocol) => found === `${listenerName}:${protocol}`);
}
