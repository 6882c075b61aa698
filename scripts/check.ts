import { build } from './build.ts';
import type { Counts } from './test-run.ts';
import { run, runTests } from './test-run.ts';

/** What `.ci/run` does once everything is installed: each step counts as one check, each test as one. */
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
const failures: string[] = [];

function count(name: string, counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
  if (counts.failed) failures.push(name);
}

async function step(name: string, action: () => Promise<Counts>): Promise<void> {
  const started = performance.now();
  console.log(`\n== ${name}`);
  const counts = await action().catch((error: unknown) => {
    console.error(error);
    return { passed: 0, failed: 1, skipped: 0 };
  });
  count(name, counts);
  console.log(
    `== ${name}: ${counts.passed} passed, ${counts.failed} failed in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
}

async function command(...args: string[]): Promise<Counts> {
  const code = await run(process.execPath, args);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
}

await step('lint', () => command('node_modules/@biomejs/biome/bin/biome', 'check', '.'));
await step('types', () => command('node_modules/typescript/bin/tsc', '--noEmit'));
await step('build', async () => {
  await build({ force: true });
  return { passed: 1, failed: 0, skipped: 0 };
});
for (const project of ['architecture', 'unit', 'simulation', 'integration', 'cases', 'e2e']) {
  await step(`${project} tests`, () => runTests(['--project', project]));
}
if (failures.length) console.log(`\nFailed: ${failures.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed ? 1 : 0;
