import { join, resolve } from 'node:path';
import { millrace } from './cluster-under-test.ts';
import type { EngineFigures } from './engine-throughput.ts';
import { fillInput, runEngine } from './engine-throughput.ts';

/*
 * What the engine costs, in one tree or in several in turn on the same cluster and records: `node test/bench/engine.ts [records] [rounds]
 * [dist ...]`. A `dist` that begins with `exactly-once=` is run so, as another row. `dist` is the folder of a built tree; that of this one if left out. With PROFILE set to a folder, Node writes a CPU profile
 * of each run there; NODE_ARGS
 * are arguments of Node for the engine's process.
 */

const [records, rounds] = [Number(process.argv[2] ?? 300_000), Number(process.argv[3] ?? 3)];
const trees = process.argv.length > 4 ? process.argv.slice(4) : [join(import.meta.dirname, '../../dist')];
const exactlyOnce = 'exactly-once=';
const profile = process.env.PROFILE;
const options = process.env.NODE_ARGS?.split(' ') ?? [];
const nodeOptions = profile
  ? [...options, '--cpu-prof', '--cpu-prof-interval', '500', '--cpu-prof-dir', profile]
  : options;

const cluster = await millrace.start();
try {
  await fillInput(cluster, 'bench-in', records);
  const found = new Map<string, EngineFigures[]>(trees.map((tree) => [tree, []]));
  for (let round = 0; round < rounds; round++)
    for (const [index, tree] of trees.entries()) {
      const delivery = tree.startsWith(exactlyOnce) ? 'exactly-once' : 'at-least-once';
      const cli = join(resolve(tree.replace(exactlyOnce, '')), 'engine/cli.js');
      const output = `bench-out-${round}-${index}`;
      const figures = await runEngine(cluster, { input: 'bench-in', output, records, cli, nodeOptions, delivery });
      found.get(tree)!.push(figures);
      const { messagesPerSecond, engineCpuUsPerMessage } = figures;
      console.log(`${tree}: ${Math.round(messagesPerSecond)}/s, ${engineCpuUsPerMessage.toFixed(2)} us`);
    }
  for (const [tree, figures] of found) {
    const cpu = figures.map(({ engineCpuUsPerMessage }) => engineCpuUsPerMessage).sort((a, b) => a - b);
    const rate = figures.map(({ messagesPerSecond }) => messagesPerSecond).sort((a, b) => a - b);
    const middle = Math.floor(figures.length / 2);
    console.log(
      `${tree}: median ${cpu[middle]!.toFixed(2)} us (least ${cpu[0]!.toFixed(2)}), ${Math.round(rate[middle]!)}/s (most ${Math.round(rate.at(-1)!)})`,
    );
  }
} finally {
  await cluster.stop();
}
