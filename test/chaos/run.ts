import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomBelow } from '../../engine/base/random.ts';
import { SeededRandom } from '../../engine/base/testing/seeded-random.ts';
import { startCluster } from '../../engine/broker/node/supervisor/start-cluster.ts';
import { testConnection } from '../kit/kafka-connections.ts';
import { BrokerDisk, whyNoBrokerDisk } from './faults/broker-disk.ts';
import { BrokerNet, whyNoBrokerNet } from './faults/broker-net.ts';
import type { Fault, FaultGround } from './faults/fault.ts';
import { pauseBetween } from './faults/fault.ts';
import { faults } from './faults/faults.ts';
import type { Load, LoadGround } from './load/load.ts';
import { loads } from './load/loads.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '1800' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** Names of `loads.ts` or their beginnings, with commas. */
    loads: { type: 'string', default: '' },
    faults: { type: 'string', default: '' },
  },
});
const brokerCount = 3;
const findingsShownMax = 50;
const calmMsMin = 1_000;
const calmMsMax = 6_000;

const startedAt = performance.now();
function say(text: string): void {
  process.stdout.write(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${text}\n`);
}

function named<T extends { name: string }>(all: readonly T[], wanted: string): T[] {
  const starts = wanted.split(',').filter((start) => start !== '');
  return all.filter(({ name }) => starts.length === 0 || starts.some((start) => name.startsWith(start)));
}

function chosen(all: readonly Fault[], random: SeededRandom): Fault {
  let left = randomBelow(
    random,
    all.reduce((sum, { weight }) => sum + weight, 0),
  );
  for (const fault of all) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  throw new Error('no faults to choose from');
}

async function throwFaults(ground: FaultGround, seconds: number): Promise<Map<string, number>> {
  const able = named(faults, values.faults).filter(({ needs }) => needs === undefined || ground[needs] !== undefined);
  const counts = new Map<string, number>();
  const random = ground.random as SeededRandom;
  const endAt = performance.now() + seconds * 1_000;
  while (performance.now() < endAt) {
    const fault = chosen(able, random);
    say(`fault ${fault.name}`);
    await fault.run(ground);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    await ground.cluster.ready();
    await pauseBetween(random, calmMsMin, calmMsMax);
  }
  return counts;
}

async function judged(all: readonly Load[]): Promise<void> {
  for (const load of all) {
    say(`${load.name}: finishing`);
    await load.finish();
  }
  for (const load of all) say(`${load.name}: ${await load.judge()}`);
}

async function main(): Promise<void> {
  const seed = Number(values.seed);
  const seconds = Number(values.seconds);
  say(`seed ${seed}, ${seconds} s of faults`);
  const dataFolder = mkdtempSync(join(tmpdir(), 'chaos-'));
  const [noNet, noDisk] = [whyNoBrokerNet(), whyNoBrokerDisk()];
  if (noNet) say(`left out: brokers cut off (${noNet})`);
  if (noDisk) say(`left out: full disks (${noDisk})`);
  const ids = Array.from({ length: brokerCount }, (_, index) => index + 1);
  const disks = noDisk ? undefined : new Map(ids.map((id) => [id, new BrokerDisk(join(dataFolder, `broker-${id}`))]));
  const net = noNet ? undefined : new BrokerNet();
  const findings: string[] = [];
  let isEnding = false;
  const cluster = await startCluster({ brokers: brokerCount, dataFolder });
  try {
    await cluster.ready();
    const ground: LoadGround = {
      connection: testConnection({ bootstrapServers: cluster.status().bootstrapServers }),
      random: new SeededRandom(seed + 1),
      isEnding: () => isEnding,
      found: (what) => {
        findings.push(what);
        if (findings.length <= findingsShownMax) say(`FOUND ${what}`);
      },
    };
    const all = named(loads(ground), values.loads);
    for (const load of all) await load.start();
    say(`loads: ${all.map(({ name }) => name).join(', ')}`);
    const counts = await throwFaults({ cluster, random: new SeededRandom(seed), net, disks }, seconds);
    say(`faults: ${[...counts].map(([name, count]) => `${name} ${count}`).join(', ')}`);
    isEnding = true;
    await judged(all);
  } catch (error) {
    findings.push(`the run broke off: ${error instanceof Error ? error.stack : error}`);
    say(findings.at(-1)!);
  } finally {
    net?.heal();
    await cluster.stop().catch((error: unknown) => findings.push(String(error)));
    net?.close();
    for (const disk of disks?.values() ?? []) disk.close();
    if (findings.length === 0) rmSync(dataFolder, { recursive: true, force: true });
  }
  say(`${findings.length} found, seed ${seed}${findings.length > 0 ? `, data kept in ${dataFolder}` : ''}`);
  process.exitCode = findings.length > 0 ? 1 : 0;
}

process.on('unhandledRejection', (error) => {
  say(`a promise was rejected and nobody looked: ${error instanceof Error ? error.stack : error}`);
  process.exitCode = 1;
});
await main();
