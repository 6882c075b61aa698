import { describe, expect, it } from 'vitest';
import { faultKinds, optionsFor } from './options.ts';
import type { Sabotage } from './run-simulation.ts';
import { runSimulation } from './run-simulation.ts';
import { dataFolder } from './world/machine.ts';
import { noSpoils } from './world/spoiled-internal-log.ts';
import type { World } from './world/world.ts';

const noFaults = Object.fromEntries(faultKinds.map((kind) => [kind, 0])) as ReturnType<
  typeof optionsFor
>['faultWeights'];

/** A short run without faults on three brokers, with what the test does to it; the invariant that was found broken. */
async function brokenInvariant(sabotage: Sabotage): Promise<string | undefined> {
  const drawn = optionsFor(12);
  const options = {
    ...drawn,
    // No segment ends, and so is synced, just before a test takes what was not synced.
    settings: { ...drawn.settings, 'log.roll.ms': 600_000 },
    brokers: 3,
    skewMs: [0, 0, 0],
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
    groupMembers: 2,
    leftBehind: 'nobody' as const,
    safetyMs: 3_000,
    convergeMsMax: 15_000,
    faultWeights: noFaults,
    spoilChances: noSpoils,
  };
  const { violation } = await runSimulation(options, { sabotage });
  return violation?.invariant;
}

/** Does it once, when the run is `atMs` old and `machine` is up. */
function once(atMs: number, action: (world: World) => void): Sabotage {
  let isDone = false;
  return {
    during: (world) => {
      if (isDone || world.clock.monotonic() < atMs) return;
      isDone = true;
      action(world);
    },
  };
}

describe('the checkers', () => {
  it('find nothing in a run without faults', async () => {
    expect(await brokenInvariant({})).toBeUndefined();
  });

  it('see an acknowledged record that is not there', async () => {
    const invariant = await brokenInvariant({
      history: ({ sends }) => {
        const send = sends.find(({ acks, ackedAtMs }) => acks === -1 && ackedAtMs !== undefined)!;
        sends.push({ ...send, value: 'acknowledged and lost', offset: 1_000_000 });
      },
    });
    expect(invariant).toBe('durability');
  });

  it('see a record that is stored twice', async () => {
    const invariant = await brokenInvariant({
      history: ({ finalReads }) => {
        const reads = finalReads.get('orders-0') ?? [];
        const twice = reads.find(({ value }) => value.startsWith('producer-1/'))!;
        finalReads.set('orders-0', [...reads, { ...twice, offset: reads.length }]);
      },
    });
    expect(invariant).toBe('idempotence');
  });

  it('see records of one producer out of order', async () => {
    const invariant = await brokenInvariant({
      history: ({ finalReads, polls, sends }) => {
        const reads = [...(finalReads.get('orders-0') ?? [])];
        const [a, b] = reads.filter(({ value }) => value.startsWith('producer-2/')) as [
          (typeof reads)[0],
          (typeof reads)[0],
        ];
        reads[a.offset] = { ...a, value: b.value };
        reads[b.offset] = { ...b, value: a.value };
        polls.length = 0;
        for (const send of sends) send.ackedAtMs = undefined;
        finalReads.set('orders-0', reads);
      },
    });
    expect(invariant).toBe('order');
  });

  it('see an offset that two readers read differently', async () => {
    const invariant = await brokenInvariant({
      history: ({ polls }) => {
        polls.push({ ...polls[0]!, value: 'something else' });
      },
    });
    expect(invariant).toBe('agreement');
  });

  it('see a partition with two owners in one generation', async () => {
    const invariant = await brokenInvariant({
      history: ({ assignments }) => {
        const assigned = assignments.find(({ partitions }) => partitions.length > 0)!;
        assignments.push({ ...assigned, member: 'another' });
      },
    });
    expect(invariant).toBe('groups');
  });

  it.each([
    { isFormer: false, afterMs: 1, found: 'groups' },
    { isFormer: true, afterMs: 1, found: undefined },
    { isFormer: true, afterMs: 3_001, found: 'groups' },
  ])(
    'see a committed offset that went back, told $afterMs ms later by a former coordinator: $isFormer',
    async ({ isFormer, afterMs, found }) => {
      const invariant = await brokenInvariant({
        history: ({ commits, offsetsSeen }) => {
          const commit = commits[0]!;
          offsetsSeen.push({ ...commit, offset: commit.offset - 1, askedAtMs: commit.ackedAtMs + afterMs, isFormer });
        },
      });
      expect(invariant).toBe(found);
    },
  );

  it('see a leader that loses what its followers have, when the controller takes its end for a clean one', async () => {
    const invariant = await brokenInvariant(
      once(1_500, (world) => {
        const leader = world.machines.find(({ broker }) =>
          broker?.inspect()?.partitions.some((row) => row.isLeader && row.topic === 'orders'),
        )!;
        const epoch = leader.broker?.inspect()?.image.brokers.get(leader.id)?.epoch;
        for (const machine of world.machines) machine.kill(machine === leader ? 'lose' : 'keep');
        const mark = Buffer.from(JSON.stringify({ version: 0, brokerEpoch: epoch }));
        leader.disk.writeFileAtomic(`${dataFolder}/.kafka_cleanshutdown`, mark);
        for (const machine of world.machines) if (machine !== leader) machine.start();
        // The others have said by then that they ended uncleanly, and are out of the in-sync set.
        world.clock.after(1_000, () => leader.start());
      }),
    );
    expect(['durability', 'high watermark', 'idempotence', 'agreement']).toContain(invariant);
  });

  it('see a replica whose bytes differ', async () => {
    const invariant = await brokenInvariant(
      once(2_000, (world) => {
        const { disk } = world.machine(2);
        const path = `${dataFolder}/orders-0/${'0'.repeat(20)}.log`;
        const file = disk.open(path);
        file.writeAt(70, Buffer.from([0x55]));
        file.close();
      }),
    );
    expect(['replicas', 'agreement']).toContain(invariant);
  });

  it('see a broker that forgot the metadata it had voted for', async () => {
    const invariant = await brokenInvariant(
      once(1_500, (world) => {
        for (const machine of world.machines) {
          machine.kill('keep');
          machine.disk.remove(`${dataFolder}/__cluster_metadata-0/quorum-state`);
          machine.start();
        }
      }),
    );
    expect(invariant).toBe('raft');
  });

  it('see a cluster that does not come back', async () => {
    const invariant = await brokenInvariant(
      once(1_500, (world) => {
        world.net.cut('broker-1', 'broker-2');
        world.net.healAll = () => {};
        for (const machine of world.machines)
          for (const other of world.machines) world.net.cut(machine.name, other.name);
      }),
    );
    expect(invariant).toBe('availability');
  });
});
