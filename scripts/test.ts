import { build } from './build.ts';
import { ensureChromium } from './chromium.ts';
import { runTests } from './test-run.ts';

/** `npm test`: builds, makes sure of a browser, runs every test; arguments go to vitest. */
if (!ensureChromium())
  console.log('No Chromium on this machine: browser tests are skipped. Install one, or name it in MILLRACE_CHROMIUM.');
await build();
const everything = ['architecture', 'unit', 'simulation', 'integration', 'cases', 'e2e'].flatMap((project) => [
  '--project',
  project,
]);
const given = process.argv.slice(2);
const { passed, failed, skipped } = await runTests(given.length ? given : everything);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed ? 1 : 0;
