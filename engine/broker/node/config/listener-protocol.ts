/** What a listener speaks, in Kafka's words, each with Kafka's number. */
export const securityProtocols = { PLAINTEXT: 0, SSL: 1, SASL_PLAINTEXT: 2, SASL_SSL: 3 } as const;
export type SecurityProtocol = keyof typeof securityProtocols;

/** Kafka's own: the names of the protocols stand for them. */
export const standardProtocolMap = 'PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL';

export function hasTls(protocol: SecurityProtocol): boolean {
  return protocol === 'SSL' || protocol === 'SASL_SSL';
}

export function hasSasl(protocol: SecurityProtocol): boolean {
  return protocol === 'SASL_PLAINTEXT' || protocol === 'SASL_SSL';
}

/** The parts of a list setting. */
export function listsOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** Protocols by the names of listeners in a `listener.security.protocol.map`; undefined where it cannot be read. */
export function protocolMapIn(text: string): ReadonlyMap<string, SecurityProtocol> | undefined {
  const pairs = listsOf(text).map((entry): [string, SecurityProtocol] | undefined => {
    const match = /^([A-Za-z0-9_.-]+):([A-Z_]+)$/.exec(entry);
    const [, name = '', protocol = ''] = match ?? [];
    return protocol in securityProtocols ? [name.toUpperCase(), protocol as SecurityProtocol] : undefined;
  });
  return pairs.includes(undefined) ? undefined : new Map(pairs as [string, SecurityProtocol][]);
}
