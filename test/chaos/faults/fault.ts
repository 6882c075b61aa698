import type { Random } from '../../../engine/base/random.ts';
import { randomBelow } from '../../../engine/base/random.ts';
import type { ClusterHandle } from '../../../engine/broker/node/supervisor/cluster-handle.ts';
import type { BrokerDisk } from './broker-disk.ts';
import type { BrokerNet } from './broker-net.ts';

/** What faults are thrown at. */
export interface FaultGround {
  readonly cluster: ClusterHandle;
  readonly random: Random;
  /** Undefined where the machine cannot cut brokers off. */
  readonly net: BrokerNet | undefined;
  /** By broker; undefined where the machine has no small disks. */
  readonly disks: ReadonlyMap<number, BrokerDisk> | undefined;
}

/** One thing that is done to brokers, and taken back before the promise resolves. */
export interface Fault {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  readonly needs?: 'net' | 'disks';
  run(ground: FaultGround): Promise<void>;
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Between the two, in milliseconds. */
export function pauseBetween(random: Random, msMin: number, msMax: number): Promise<void> {
  return pause(msMin + randomBelow(random, msMax - msMin));
}

export function anyBroker({ cluster, random }: FaultGround): { id: number; pid: number; port: number } {
  const { brokers } = cluster.status();
  const { id, pid, port } = brokers[randomBelow(random, brokers.length)]!;
  if (pid === null) throw new Error(`expected broker ${id} to run`);
  return { id, pid, port };
}
