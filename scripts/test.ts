import { build } from './build.ts';
import { ensureChromium } from './chromium.ts';
import type { Counts } from './test-run.ts';
import { closingLine, runTests, sum, testProjects } from './test-run.ts';

/** `npm test`: builds, makes sure of a browser, runs every project of tests one after the other; arguments go to vitest instead. */
if (!ensureChromium())
  console.log('No Chromium on this machine: browser tests are skipped. Install one, or name it in MILLRACE_CHROMIUM.');
await build();
const given = process.argv.slice(2);
const counts: Counts[] = [];
if (given.length) counts.push(await runTests(given));
else for (const project of testProjects) counts.push(await runTests(['--project', project]));
const failed = testProjects.filter((_, index) => !given.length && counts[index]!.failed > 0);
if (failed.length) console.log(`Failed: ${failed.join(', ')}`);
const total = sum(counts);
console.log(closingLine(total));
process.exitCode = total.failed ? 1 : 0;
