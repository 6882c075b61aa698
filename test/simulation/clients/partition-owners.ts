import type { World } from '../world/world.ts';

/** Who owns each partition of a group of the consumer protocol now, as the members themselves see it: never two at one time. */
export class PartitionOwners {
  readonly #world: World;
  readonly #owners = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  take(partition: string, member: string): void {
    const owner = this.#owners.get(partition);
    if (owner !== undefined && owner !== member)
      this.#world.violate('groups', `${partition} was given to ${member} while ${owner} has it`);
    this.#owners.set(partition, member);
  }

  release(partition: string, member: string): void {
    if (this.#owners.get(partition) === member) this.#owners.delete(partition);
  }
}
