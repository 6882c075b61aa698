/** What a group may be given for itself lies between these; names of the broker settings in brackets. */
export interface GroupConfigBounds {
  /** group.consumer.session.timeout.ms */
  readonly groupConsumerSessionTimeoutMs: number;
  /** group.consumer.min.session.timeout.ms */
  readonly groupConsumerMinSessionTimeoutMs: number;
  /** group.consumer.max.session.timeout.ms */
  readonly groupConsumerMaxSessionTimeoutMs: number;
  /** group.consumer.heartbeat.interval.ms */
  readonly groupConsumerHeartbeatIntervalMs: number;
  /** group.consumer.min.heartbeat.interval.ms */
  readonly groupConsumerMinHeartbeatIntervalMs: number;
  /** group.consumer.max.heartbeat.interval.ms */
  readonly groupConsumerMaxHeartbeatIntervalMs: number;
}

/** A setting of one group. */
export interface GroupConfig {
  readonly name: string;
  /** The setting of the broker that holds where the group has none of its own. */
  readonly brokerName: string;
  readonly doc: string;
  readonly min: number;
  readonly max: number;
  readonly fallback: number;
}

/** The settings that a group may have of its own (KIP-848), for a broker with these bounds. */
export function groupConfigsOf(bounds: GroupConfigBounds): readonly GroupConfig[] {
  return [
    {
      name: 'consumer.session.timeout.ms',
      brokerName: 'group.consumer.session.timeout.ms',
      doc: 'A member of the group that is not heard of for this long is taken out.',
      min: bounds.groupConsumerMinSessionTimeoutMs,
      max: bounds.groupConsumerMaxSessionTimeoutMs,
      fallback: bounds.groupConsumerSessionTimeoutMs,
    },
    {
      name: 'consumer.heartbeat.interval.ms',
      brokerName: 'group.consumer.heartbeat.interval.ms',
      doc: 'How often members of the group are told to send a heartbeat.',
      min: bounds.groupConsumerMinHeartbeatIntervalMs,
      max: bounds.groupConsumerMaxHeartbeatIntervalMs,
      fallback: bounds.groupConsumerHeartbeatIntervalMs,
    },
  ];
}

/** Why a group cannot be given these, in Kafka's words; undefined when it can. */
export function groupConfigFault(
  bounds: GroupConfigBounds,
  overrides: ReadonlyMap<string, string>,
): string | undefined {
  const configs = groupConfigsOf(bounds);
  for (const [name, text] of overrides) {
    const config = configs.find((known) => known.name === name);
    if (!config) return `Unknown group config name: ${name}`;
    if (!/^-?\d+$/.test(text.trim()))
      return `Invalid value ${text} for configuration ${name}: Not a number of type INT`;
    const { brokerName, min, max } = config;
    const bound = (which: string): string => brokerName.replace('consumer.', `consumer.${which}.`);
    if (Number(text) < min) return `${name} must be greater than or equal to ${bound('min')}`;
    if (Number(text) > max) return `${name} must be less than or equal to ${bound('max')}`;
  }
  const [session, heartbeat] = configs.map(({ name, fallback }) => Number(overrides.get(name) ?? fallback));
  return overrides.size > 0 && (session ?? 0) <= (heartbeat ?? 0)
    ? 'consumer.session.timeout.ms must be greater than consumer.heartbeat.interval.ms'
    : undefined;
}
