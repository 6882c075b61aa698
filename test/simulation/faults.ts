import { randomBelow } from '../../engine/base/random.ts';
import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import type { FaultKind } from './options.ts';
import { faultKinds } from './options.ts';
import type { LossBudget } from './world/loss-budget.ts';
import type { KillMode, Machine } from './world/machine.ts';
import { noSpoils } from './world/spoiled-internal-log.ts';
import type { World } from './world/world.ts';

const slowSyncMsMax = 800;
const slowLinkFactorMax = 40;
const reviveEveryMs = 300;
/** A stall comes behind at most this many looks at the clock. */
const stallLooksMax = { any: 60, wall: 4 };
const stallMsMax = 6_000;
/** Room that a full disk has left, in bytes, and files that a machine of few files opens at least. */
const roomBytesMax = 20_000;
const openFilesMin = 12;

/** Throws faults at a world, by the weights of its options, and takes them back after a while. */
export class Faults {
  /** Faults thrown, by kind. */
  readonly counts = new Map<FaultKind, number>();
  readonly #world: World;
  readonly #budget: LossBudget;
  readonly #random: SeededRandom;
  readonly #clients: readonly string[];
  /** The broker that the others have to do without, while they come together. */
  leftBehind: Machine | undefined;
  #isOver = false;

  /** `clients`: names of hosts that are no brokers. */
  constructor(world: World, budget: LossBudget, clients: readonly string[]) {
    this.#world = world;
    this.#budget = budget;
    this.#clients = clients;
    this.#random = new SeededRandom(world.options.seed * 17 + 3);
  }

  start(): void {
    this.#budget.follow();
    this.#next();
  }

  /**
   * Takes everything back: links heal, paused brokers go on, dead ones start. All but the one that is left behind: it is
   * down, silent or cut off until `healLast`.
   */
  heal(): void {
    this.#isOver = true;
    const { world } = this;
    world.net.healAll();
    world.spoilChances = noSpoils;
    world.trace.add('faults', 'heal');
    for (const machine of world.machines) {
      machine.syncMsMax = world.options.syncMsMax;
      machine.mendDisk();
      machine.host?.resume();
    }
    this.#leaveBehind();
    this.#revive();
  }

  /** Ends the last fault. */
  healLast(): void {
    const { leftBehind, world } = this;
    if (!leftBehind) return;
    world.trace.add('faults', `heal ${leftBehind.name}`);
    this.leftBehind = undefined;
    world.net.healAll();
    leftBehind.host?.resume();
  }

  /** Picks a broker without which everything can go on: others hold what it holds. */
  #leaveBehind(): void {
    const { world } = this;
    const { leftBehind } = world.options;
    if (leftBehind === 'nobody' || world.machines.length < 3) return;
    const first = randomBelow(this.#random, world.machines.length);
    const order = [...world.machines.slice(first), ...world.machines.slice(0, first)];
    const victim = order.find((machine) => !machine.isStopping && this.#budget.canMiss(machine));
    if (!victim) return;
    world.trace.add('faults', `leave ${victim.name} behind, ${leftBehind}`);
    this.leftBehind = victim;
    if (leftBehind === 'down') {
      this.#budget.killed(victim, 'keep');
      victim.kill('keep');
    } else if (leftBehind === 'paused') victim.host?.pause();
    for (const { name } of world.machines) {
      if (name === victim.name) continue;
      if (leftBehind === 'isolated' || leftBehind === 'deaf') world.net.cut(name, victim.name);
      if (leftBehind === 'isolated' || leftBehind === 'mute') world.net.cut(victim.name, name);
    }
  }

  /** Starts what is down, also what was on its way down when everything healed. */
  #revive(): void {
    for (const machine of this.world.machines) if (!machine.isUp && machine !== this.leftBehind) machine.start();
    this.world.clock.after(reviveEveryMs, () => this.#revive());
  }

  private get world(): World {
    return this.#world;
  }

  #next(): void {
    const waitMs = this.#random.next() * 2 * this.world.options.faultEveryMs;
    this.world.clock.after(waitMs, () => {
      if (this.#isOver) return;
      const kind = this.#choose();
      if (kind && this.#throw(kind)) this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      this.#next();
    });
  }

  #choose(): FaultKind | undefined {
    const { faultWeights } = this.world.options;
    let point = this.#random.next() * faultKinds.reduce((sum, kind) => sum + faultWeights[kind], 0);
    return faultKinds.find((kind) => {
      point -= faultWeights[kind];
      return point < 0;
    });
  }

  /** After a random time, unless everything was healed meanwhile. */
  #later(action: () => void, msMax = 6_000): void {
    const waitMs = 50 + this.#random.next() ** 2 * msMax;
    this.world.clock.after(waitMs, () => {
      if (!this.#isOver) action();
    });
  }

  #any(): Machine {
    return this.world.machines[randomBelow(this.#random, this.world.machines.length)] as Machine;
  }

  #throw(kind: FaultKind): boolean {
    const { world } = this;
    switch (kind) {
      case 'kill':
        return this.#kill(this.#any());
      case 'killController':
        return this.#kill(world.machines.find((machine) => machine.broker?.inspect()?.raft?.role.kind === 'leader'));
      case 'killLeader':
        return this.#kill(
          world.machines.find((machine) => machine.broker?.inspect()?.partitions.some((row) => row.isLeader)),
        );
      case 'stop':
        return this.#stop(this.#any());
      case 'restartCluster':
        for (const machine of world.machines) this.#stop(machine);
        return true;
      case 'killCluster':
        // In the middle of one instant no more than the promise allows may lose what was not synced.
        for (const machine of world.machines) this.#kill(machine, 'keep');
        return true;
      case 'pause':
        return this.#pause(this.#any());
      case 'reset':
        return this.#reset();
      case 'slowDisk':
        return this.#slowDisk(this.#any());
      case 'stall':
        return this.#stall();
      case 'fullDisk':
      case 'brokenDisk':
      case 'fewFiles':
        return this.#spoilDisk(kind, this.#any());
      default:
        return this.#disturbNet(kind);
    }
  }

  /** In the middle of its work a broker needs long, at every second try the one that leads the quorum. */
  #stall(): boolean {
    const { machines } = this.world;
    const controller = machines.find((machine) => machine.broker?.inspect()?.raft?.role.kind === 'leader');
    const { host } = (this.#random.next() < 0.5 && controller) || this.#any();
    const clock = this.#random.next() < 0.5 ? 'any' : 'wall';
    host?.stall({
      clock,
      looks: randomBelow(this.#random, stallLooksMax[clock]),
      ms: this.#random.next() * stallMsMax,
    });
    return host !== undefined;
  }

  #kill(machine: Machine | undefined, wished?: KillMode): boolean {
    if (!machine?.isUp) return false;
    const mode = wished ?? (['lose', 'tear', 'keep'] as const)[randomBelow(this.#random, 3)]!;
    const allowed = this.#budget.allowedMode(machine, mode);
    if (!allowed) return false;
    this.#budget.killed(machine, allowed);
    machine.kill(allowed);
    this.#later(() => machine.start(), this.#random.next() < 0.4 ? 300 : 6_000);
    return true;
  }

  #stop(machine: Machine): boolean {
    if (!machine.isUp || machine.isStopping || machine.host?.isPaused) return false;
    machine.stop();
    const again = (): void => {
      if (machine.isUp) this.#later(again, 1_000);
      else machine.start();
    };
    this.#later(again);
    return true;
  }

  #pause(machine: Machine): boolean {
    const { host } = machine;
    if (!host || host.isPaused) return false;
    this.world.trace.add(machine.name, 'pause');
    host.pause();
    this.#later(() => {
      this.world.trace.add(machine.name, 'resume');
      host.resume();
    });
    return true;
  }

  #reset(): boolean {
    const link = this.world.net.resetOne();
    if (link) this.world.trace.add('net', `reset ${link}`);
    return link !== undefined;
  }

  #slowDisk(machine: Machine): boolean {
    machine.syncMsMax = this.#random.next() * slowSyncMsMax;
    this.world.trace.add(machine.name, `slow disk ${machine.syncMsMax.toFixed(0)}`);
    this.#later(() => {
      machine.syncMsMax = this.world.options.syncMsMax;
    });
    return true;
  }

  /** The disk has no room, refuses records or opens no more files, for a while. */
  #spoilDisk(kind: 'fullDisk' | 'brokenDisk' | 'fewFiles', machine: Machine): boolean {
    if (machine.isStopping) return false;
    this.world.trace.add(machine.name, kind);
    if (kind === 'fullDisk') machine.fillDisk(randomBelow(this.#random, roomBytesMax));
    else if (kind === 'brokenDisk') machine.breakDisk();
    else machine.limitFiles(openFilesMin + randomBelow(this.#random, openFilesMin));
    this.#later(() => {
      this.world.trace.add(machine.name, `end of ${kind}`);
      machine.mendDisk();
    });
    return true;
  }

  #disturbNet(kind: FaultKind): boolean {
    const { world } = this;
    const victim = this.#any().name;
    const others = world.machines.map(({ name }) => name).filter((name) => name !== victim);
    const other = others[randomBelow(this.#random, others.length)];
    const links: [string, string][] = [];
    if (kind === 'isolate') for (const name of others) links.push([victim, name], [name, victim]);
    else if (kind === 'isolateOneWay') {
      const isOutgoing = this.#random.next() < 0.5;
      for (const name of others) links.push(isOutgoing ? [victim, name] : [name, victim]);
    } else if (kind === 'cutClients') for (const name of this.#clients) links.push([victim, name], [name, victim]);
    else if (other) links.push([victim, other], [other, victim]);
    if (kind === 'isolate' && this.#random.next() < 0.5)
      for (const name of this.#clients) if (this.#random.next() < 0.5) links.push([victim, name], [name, victim]);
    if (links.length === 0) return false;
    world.trace.add('net', `${kind} ${links.map((link) => link.join('>')).join(' ')}`);
    const factor = 2 + this.#random.next() * slowLinkFactorMax;
    for (const [from, to] of links) {
      if (kind === 'slowLink') world.net.slow(from, to, factor);
      else world.net.cut(from, to);
    }
    this.#later(() => {
      world.trace.add('net', `heal ${victim}`);
      for (const [from, to] of links) world.net.heal(from, to);
    });
    return true;
  }
}
