import type { MetadataImage } from '../../../engine/broker/controller/metadata-image.ts';
import type { PartitionRegistration } from '../../../engine/broker/controller/topics/topics-image.ts';
import type { KillMode, Machine } from './machine.ts';
import type { World } from './world.ts';

const lookEveryMs = 25;

interface Scar {
  readonly mode: KillMode;
  /** Registration epoch at the time of death. */
  readonly brokerEpoch: number;
}

/**
 * Keeps faults within Kafka's promise. A record acknowledged with acks=all is on `min.insync.replicas` (2 here) replicas, in
 * the page cache: it survives as long as one of them at a time ends uncleanly and loses what was not synced. A killed broker
 * counts as unclean, whether it lost something or not (the controller cannot tell), until it is back in the in-sync set with
 * its new registration.
 */
export class LossBudget {
  readonly #world: World;
  readonly #scars = new Map<number, Scar>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Keeps an eye on the metadata: when a fault is thrown, those who knew the newest may all be down. */
  follow(): void {
    this.#newestImage();
    this.#world.clock.after(lookEveryMs, () => this.follow());
  }

  /** The mode in which the broker may be killed now: the wished one, `keep`, or undefined for not at all. */
  allowedMode(machine: Machine, wished: KillMode): KillMode | undefined {
    const image = this.#newestImage();
    if (!image) return 'keep';
    const wishes: readonly KillMode[] = wished === 'keep' ? ['keep'] : [wished, 'keep'];
    return wishes.find((mode) => this.#isAllowed(image, machine.id, mode));
  }

  /**
   * Whether all its partitions can do without it: another replica is in sync, and none has ended uncleanly. Each other
   * replica leaves the in-sync set when it starts again, and one that ended uncleanly is not eligible after that.
   */
  canMiss({ id }: Machine): boolean {
    const image = this.#newestImage();
    if (!image) return false;
    const canMissIn = (partition: PartitionRegistration): boolean => {
      const others = partition.replicas.filter((replica) => replica !== id);
      if (others.length === partition.replicas.length) return true;
      return (
        others.some((other) => partition.isr.includes(other)) &&
        !others.some((other) => this.#scarOf(image, partition, other))
      );
    };
    return [...image.topics.values()].every(({ partitions }) => partitions.every(canMissIn));
  }

  killed(machine: Machine, mode: KillMode): void {
    const brokerEpoch = this.#newestImage()?.brokers.get(machine.id)?.epoch ?? -1;
    const known = this.#scars.get(machine.id);
    // Who has lost data stays a loser until it is in sync, however it dies again meanwhile.
    const worse = known && known.mode !== 'keep' && this.#isFresh(machine.id) ? known.mode : mode;
    this.#scars.set(machine.id, { mode: worse, brokerEpoch });
  }

  #isAllowed(image: MetadataImage, id: number, mode: KillMode): boolean {
    for (const topic of image.topics.values())
      for (const partition of topic.partitions)
        if (partition.replicas.includes(id) && !this.#isSafe(image, partition, id, mode)) return false;
    return true;
  }

  #isSafe(image: MetadataImage, partition: PartitionRegistration, id: number, mode: KillMode): boolean {
    const others = partition.replicas.filter((replica) => replica !== id);
    const scars = others.map((other) => this.#scarOf(image, partition, other)).filter((scar) => scar !== undefined);
    if (mode === 'keep') return scars.every((scar) => scar.mode === 'keep');
    const holders = [...partition.isr, ...partition.elr];
    return scars.length === 0 && others.some((other) => holders.includes(other));
  }

  /** The scar of a broker as far as this partition goes: gone once it is in sync again with a newer registration. */
  #scarOf(image: MetadataImage, { isr }: PartitionRegistration, id: number): Scar | undefined {
    const scar = this.#scars.get(id);
    if (!scar) return undefined;
    const isBack = (image.brokers.get(id)?.epoch ?? -1) > scar.brokerEpoch && isr.includes(id);
    return isBack ? undefined : scar;
  }

  /** Whether a scar still counts for some partition. */
  #isFresh(id: number): boolean {
    const image = this.#newestImage();
    if (!image) return true;
    for (const topic of image.topics.values())
      for (const partition of topic.partitions)
        if (partition.replicas.includes(id) && this.#scarOf(image, partition, id)) return true;
    return false;
  }

  /** The newest committed metadata that any broker, alive or not, is known to have. */
  #newest: MetadataImage | undefined;

  #newestImage(): MetadataImage | undefined {
    for (const { broker } of this.#world.machines) {
      const image = broker?.inspect()?.image;
      if (image && image.offset > (this.#newest?.offset ?? -1)) this.#newest = image;
    }
    return this.#newest;
  }
}
