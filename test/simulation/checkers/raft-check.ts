import type { RaftState } from '../../../engine/broker/raft/raft-state.ts';
import type { World } from '../world/world.ts';

interface Seen {
  readonly epoch: number;
  readonly votedFor: number;
  readonly life: number;
  readonly highWatermark: number;
}

/** Raft's promises as far as they show from outside: epochs and votes survive restarts, one leader per epoch, no way back. */
export class RaftCheck {
  readonly #world: World;
  readonly #seen = new Map<number, Seen>();
  readonly #leaders = new Map<number, number>();

  constructor(world: World) {
    this.#world = world;
  }

  look(id: number, life: number, raft: RaftState | undefined): void {
    if (!raft) return;
    const { epoch, votedFor, role, highWatermark } = raft;
    const before = this.#seen.get(id);
    if (before) this.#compare(id, before, { epoch, votedFor, life, highWatermark });
    this.#seen.set(id, { epoch, votedFor, life, highWatermark });
    if (role.kind !== 'leader') return;
    const known = this.#leaders.get(epoch) ?? id;
    if (known !== id) this.#world.violate('raft', `SingleLeader: ${known} and ${id} lead epoch ${epoch}`);
    this.#leaders.set(epoch, known);
  }

  #compare(id: number, before: Seen, now: Seen): void {
    if (now.epoch < before.epoch)
      this.#world.violate('raft', `MonotonicEpoch: broker ${id} went from ${before.epoch} to ${now.epoch}`);
    if (now.epoch === before.epoch && before.votedFor !== -1 && now.votedFor !== before.votedFor)
      this.#world.violate(
        'raft',
        `broker ${id} voted for ${before.votedFor} and ${now.votedFor} in epoch ${now.epoch}`,
      );
    if (now.life === before.life && now.highWatermark < before.highWatermark)
      this.#world.violate(
        'raft',
        `MonotonicHighWatermark: broker ${id} went from ${before.highWatermark} to ${now.highWatermark}`,
      );
  }
}
