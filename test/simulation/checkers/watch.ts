import type { BrokerInspection } from '../../../engine/broker/node/broker-options.ts';
import type { Machine } from '../world/machine.ts';
import type { World } from '../world/world.ts';
import { ImageAgreement } from './image-agreement.ts';
import { LeadershipCheck } from './leadership-check.ts';
import { RaftCheck } from './raft-check.ts';

const everyMs = 25;

/** Looks at the living brokers at short intervals: what must hold at every moment, as far as looking can tell. */
export class Watch {
  readonly #world: World;
  readonly #images: ImageAgreement;
  readonly #leadership: LeadershipCheck;
  readonly #raft: RaftCheck;

  constructor(world: World) {
    this.#world = world;
    this.#images = new ImageAgreement(world);
    this.#leadership = new LeadershipCheck(world);
    this.#raft = new RaftCheck(world);
  }

  start(): void {
    this.#look();
  }

  #look(): void {
    for (const machine of this.#world.machines) {
      const inspection = machine.broker?.inspect();
      if (!inspection) continue;
      this.#images.look(machine.id, machine.starts, inspection.image);
      this.#leadership.look(machine.id, machine.starts, inspection);
      this.#raft.look(machine.id, machine.starts, inspection.raft);
    }
    this.#world.clock.after(everyMs, () => this.#look());
  }

  /** What has not come together after the faults ended, in words; `without`: a broker that nobody waits for. */
  unfinished(without?: Machine): string | undefined {
    const views: BrokerInspection[] = [];
    for (const machine of this.#world.machines) {
      if (machine === without) continue;
      const view = machine.broker?.inspect();
      const reason = machine.broker ? machine.broker.unreadyReason() : 'down';
      if (!view || reason !== undefined) return `${machine.name} is not ready: ${reason}`;
      views.push(view);
    }
    const offsets = new Set(views.map(({ image }) => image.offset));
    if (offsets.size > 1) return `brokers have metadata up to ${[...offsets].join(', ')}`;
    return unsettledPartition(views, without?.id);
  }
}

function unsettledPartition(views: readonly BrokerInspection[], without: number | undefined): string | undefined {
  for (const topic of views[0]?.image.topics.values() ?? [])
    for (const [partition, { leader, isr, elr, lastKnownElr, replicas }] of topic.partitions.entries()) {
      const name = `${topic.name}-${partition}`;
      const expected = replicas.filter((replica) => replica !== without);
      if (leader === -1 || leader === without)
        return `${name} is led by ${leader}, in sync ${isr}, eligible ${elr}, last ${lastKnownElr}`;
      if (!expected.every((replica) => isr.includes(replica))) return `${name} has ${isr} of ${expected} in sync`;
      const rows = views.flatMap(({ partitions }) =>
        partitions.filter((row) => row.topicId === topic.id && row.partition === partition),
      );
      if (rows.length !== expected.length) return `${name} is hosted ${rows.length} times`;
      const ends = new Set(rows.flatMap(({ endOffset, highWatermark }) => [endOffset, highWatermark]));
      if (ends.size > 1) return `${name} ends or is committed at ${[...ends].join(', ')}`;
    }
  return undefined;
}
