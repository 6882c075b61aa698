import { spawn } from 'node:child_process';
import { build, projectFolder } from './build.ts';
import type { Counts } from './test-run.ts';
import { closingCounts, closingLine, run, sum } from './test-run.ts';

/** What `.ci/run` does once everything is installed: lint, types, build, and the `npm test` of the README. A step counts as one check. */
const one = { passed: 1, failed: 0, skipped: 0 };
const none = { passed: 0, failed: 1, skipped: 0 };

async function step(name: string, action: () => Promise<Counts>): Promise<{ name: string; counts: Counts }> {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const counts = await action().catch((error: unknown) => {
    console.error(error);
    return none;
  });
  console.log(
    `== ${name}: ${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
  return { name, counts };
}

async function command(...args: string[]): Promise<Counts> {
  return (await run(process.execPath, args)) === 0 ? one : none;
}

/** Runs `npm test` as anybody would, and takes its counts from its closing line. */
async function npmTest(): Promise<Counts> {
  const child = spawn('npm', ['test'], { cwd: projectFolder, stdio: ['inherit', 'pipe', 'inherit'] });
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    tail = (tail + String(chunk)).slice(-10_000);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (ended) => resolve(ended ?? 128));
  });
  const counts = closingCounts(tail);
  if (!counts) throw new Error(`expected a closing line of npm test, found none; it ended with ${code}`);
  return code !== 0 && counts.failed === 0 ? sum([counts, none]) : counts;
}

const steps = [
  await step('lint', () => command('node_modules/@biomejs/biome/bin/biome', 'check', '.')),
  await step('types', () => command('node_modules/typescript/bin/tsc', '--noEmit')),
  await step('build', async () => {
    await build({ force: true });
    return one;
  }),
  await step('npm test', npmTest),
];
const failed = steps.filter(({ counts }) => counts.failed).map(({ name }) => name);
if (failed.length) console.log(`\nFailed: ${failed.join(', ')}`);
const total = sum(steps.map(({ counts }) => counts));
console.log(closingLine(total));
process.exitCode = total.failed ? 1 : 0;
