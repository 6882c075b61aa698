/** What the active controller remembers of a broker's heartbeats. Not part of the metadata: a new controller starts afresh. */
export interface BrokerSession {
  readonly epoch: number;
  readonly lastContactMs: number;
  /** Metadata offset that the broker has applied. */
  readonly metadataOffset: number;
}

/** Sessions by broker id. A plain immutable value. */
export type BrokerSessions = ReadonlyMap<number, BrokerSession>;

/** Sessions at the start of a controller's term: every broker is given a whole session time to be heard. */
export function freshSessions(
  brokers: Iterable<{ readonly id: number; readonly epoch: number }>,
  nowMs: number,
): BrokerSessions {
  return new Map([...brokers].map(({ id, epoch }) => [id, { epoch, lastContactMs: nowMs, metadataOffset: -1 }]));
}

/** Notes a heartbeat, or a registration. */
export function withContact(sessions: BrokerSessions, brokerId: number, session: BrokerSession): BrokerSessions {
  return new Map(sessions).set(brokerId, session);
}

/** Whether a broker has been heard within the session time. */
export function hasValidSession(
  sessions: BrokerSessions,
  broker: { readonly id: number; readonly epoch: number } | undefined,
  nowMs: number,
  sessionTimeoutMs: number,
): boolean {
  const session = broker && sessions.get(broker.id);
  return session?.epoch === broker?.epoch && session !== undefined && nowMs < session.lastContactMs + sessionTimeoutMs;
}
