import type { PropertyLine } from '../../../base/properties-file.ts';

/** What of the environment Kafka's container image takes for itself and not for a setting. */
const notSettings = new Set([
  'KAFKA_GC_LOG_OPTS',
  'KAFKA_HEAP_OPTS',
  'KAFKA_HOME',
  'KAFKA_JMX_HOSTNAME',
  'KAFKA_JMX_OPTS',
  'KAFKA_JMX_PORT',
  'KAFKA_JVM_PERFORMANCE_OPTS',
  'KAFKA_LOG4J_LOGGERS',
  'KAFKA_LOG4J_OPTS',
  'KAFKA_LOG4J_ROOT_LOGLEVEL',
  'KAFKA_OPTS',
  'KAFKA_TOOLS_LOG4J_LOGLEVEL',
  'KAFKA_VERSION',
]);
const prefix = 'KAFKA_';

const hourMs = 3_600_000;
const minuteMs = 60_000;
/** Settings in larger units that hold where the one in milliseconds is not given; the first one given counts. */
const coarser: readonly (readonly [name: string, coarse: readonly (readonly [name: string, unitMs: number])[]])[] = [
  [
    'log.retention.ms',
    [
      ['log.retention.minutes', minuteMs],
      ['log.retention.hours', hourMs],
    ],
  ],
  ['log.roll.ms', [['log.roll.hours', hourMs]]],
  ['log.roll.jitter.ms', [['log.roll.jitter.hours', hourMs]]],
];

/**
 * The settings in an environment, by the rule of Kafka's container image: `KAFKA_` goes, letters become small, `_` is a dot, `__` an
 * underscore and `___` a hyphen.
 */
export function settingsInEnvironment(environment: Readonly<Record<string, string | undefined>>): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || notSettings.has(variable) || value === undefined) continue;
    const name = variable.slice(prefix.length).toLowerCase().replaceAll('_', '.').replaceAll('...', '-');
    settings.set(name.replaceAll('..', '_'), value);
  }
  return settings;
}

/** Where settings come from, weakest first. */
export interface SettingSources {
  /** A `server.properties`. */
  readonly file: readonly PropertyLine[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `--set`. */
  readonly set: Readonly<Record<string, string>>;
}

/** Settings by Kafka's names: the environment wins over the file, as in Kafka's container image, and what was set over both. */
export function givenSettings({ file, environment, set }: SettingSources): Map<string, string> {
  const given = new Map(file.map(({ name, value }) => [name, value.trim()] as const));
  for (const [name, value] of settingsInEnvironment(environment)) given.set(name, value);
  for (const [name, value] of Object.entries(set)) given.set(name, value);
  for (const [name, coarse] of coarser) takeCoarser(given, name, coarse);
  return given;
}

function takeCoarser(given: Map<string, string>, name: string, coarse: (typeof coarser)[number][1]): void {
  const found = coarse.find(([other]) => given.has(other));
  for (const [other] of coarse) if (other !== found?.[0]) given.delete(other);
  if (!found) return;
  const text = given.get(found[0]) ?? '';
  // What is no number is refused by the name that was given, with the bounds of the one in milliseconds.
  const value = /^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  given.delete(found[0]);
  if (!given.has(name)) given.set(name, value < 0 ? '-1' : Number.isNaN(value) ? text : String(value * found[1]));
}
