import { silentLog } from '../../engine/base/log.ts';
import { NodeClock } from '../../engine/host/node-clock.ts';
import { NodeRandom } from '../../engine/host/node-random.ts';
import type { KafkaConnectionSettings } from '../../engine/kafka/connection.ts';
import { KafkaConnection } from '../../engine/kafka/connection.ts';

/** The real clock and chance, no log: what a KafkaConnection in a test stands on. */
export const testHost = { clock: new NodeClock(), random: new NodeRandom(), log: silentLog };

/** A connection with the real clock and no log. */
export function testConnection(
  settings: Partial<KafkaConnectionSettings> & { bootstrapServers: string },
): KafkaConnection {
  return new KafkaConnection({ name: 'test', transport: 'tcp', ...settings }, testHost);
}
