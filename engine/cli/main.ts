#!/usr/bin/env node
// Nothing is imported before this check: an older Node would fail on the syntax of the rest with a page of noise.
const nodeMajorMin = 24;
if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
  process.stderr.write(
    `millrace: expected Node.js ${nodeMajorMin} or newer, found ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 1;
} else {
  const { runCommandLine } = await import('./run-command-line.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2));
}

export {};
