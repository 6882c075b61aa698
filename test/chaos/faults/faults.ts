import type { Fault, FaultGround } from './fault.ts';
import { anyBroker, pauseBetween } from './fault.ts';

async function killAndRestart(ground: FaultGround): Promise<void> {
  const { cluster, random } = ground;
  const { id } = anyBroker(ground);
  await cluster.kill(id);
  await pauseBetween(random, 100, 8_000);
  await cluster.restart(id);
}

async function killAll({ cluster, random }: FaultGround): Promise<void> {
  const ids = cluster.status().brokers.map(({ id }) => id);
  await Promise.all(ids.map((id) => cluster.kill(id)));
  await pauseBetween(random, 100, 2_000);
  await Promise.all(ids.map((id) => cluster.restart(id)));
}

async function stopAndRestart(ground: FaultGround): Promise<void> {
  const { cluster, random } = ground;
  const { id } = anyBroker(ground);
  await cluster.stopBroker(id);
  await pauseBetween(random, 100, 4_000);
  await cluster.restart(id);
}

async function freeze(ground: FaultGround): Promise<void> {
  const { cluster, random } = ground;
  const { id } = anyBroker(ground);
  cluster.freeze(id, true);
  await pauseBetween(random, 500, 20_000);
  cluster.freeze(id, false);
}

/** A leader that sleeps while another is killed: it wakes up behind its time. */
async function freezeAndKill(ground: FaultGround): Promise<void> {
  const { cluster, random } = ground;
  const frozen = anyBroker(ground).id;
  const killed = cluster.status().brokers.find(({ id }) => id !== frozen)!.id;
  cluster.freeze(frozen, true);
  await pauseBetween(random, 500, 12_000);
  await cluster.kill(killed);
  await pauseBetween(random, 100, 2_000);
  cluster.freeze(frozen, false);
  await cluster.restart(killed);
}

/** The others are not reached by one broker; where `isMutual`, it is not reached by them either. Clients reach all. */
function cutOff(isMutual: boolean): (ground: FaultGround) => Promise<void> {
  return async (ground) => {
    const { cluster, random, net } = ground;
    const one = anyBroker(ground);
    for (const other of cluster.status().brokers) {
      if (other.id === one.id || other.pid === null) continue;
      net!.cut(one.id, one.pid, other.port);
      if (isMutual) net!.cut(other.id, other.pid, one.port);
    }
    await pauseBetween(random, 500, 25_000);
    net!.heal();
  };
}

async function shutOff(ground: FaultGround): Promise<void> {
  const { port } = anyBroker(ground);
  ground.net!.shut(port);
  await pauseBetween(ground.random, 500, 15_000);
  ground.net!.heal();
}

async function fillDisk(ground: FaultGround): Promise<void> {
  const disk = ground.disks!.get(anyBroker(ground).id)!;
  disk.fill();
  await pauseBetween(ground.random, 1_000, 12_000);
  disk.clear();
}

/** A broker without room is killed in the midst of it, and gets its room back while it is away. */
async function fillDiskAndKill(ground: FaultGround): Promise<void> {
  const { cluster, random, disks } = ground;
  const { id } = anyBroker(ground);
  disks!.get(id)!.fill();
  await pauseBetween(random, 500, 3_000);
  await cluster.kill(id);
  disks!.get(id)!.clear();
  await cluster.restart(id);
}

export const faults: readonly Fault[] = [
  { name: 'kill', weight: 4, run: killAndRestart },
  { name: 'kill-all', weight: 1, run: killAll },
  { name: 'stop', weight: 2, run: stopAndRestart },
  { name: 'freeze', weight: 3, run: freeze },
  { name: 'freeze-and-kill', weight: 1, run: freezeAndKill },
  { name: 'cut-off', weight: 2, needs: 'net', run: cutOff(true) },
  { name: 'cut-off-one-way', weight: 2, needs: 'net', run: cutOff(false) },
  { name: 'shut-off', weight: 1, needs: 'net', run: shutOff },
  { name: 'disk-full', weight: 1, needs: 'disks', run: fillDisk },
  { name: 'disk-full-and-kill', weight: 1, needs: 'disks', run: fillDiskAndKill },
];
