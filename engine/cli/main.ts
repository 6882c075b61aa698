#!/usr/bin/env node
// Nothing is imported before this check: an older Node would fail on the syntax of the rest with a page of noise.
const nodeMajorMin = 24;
if (Number(process.versions.node.split('.')[0]) < nodeMajorMin) {
  const { ownNode, runOn } = await import('./own-node.ts');
  const node = ownNode();
  if (node) process.exitCode = await runOn(node);
  else {
    process.stderr.write(
      `millrace: expected Node.js ${nodeMajorMin} or newer, found ${process.versions.node} (${process.execPath})\n`,
    );
    process.exitCode = 1;
  }
} else {
  // Signals first: one that comes while the rest is being loaded must not be lost, nor end a container's first process unheard.
  const { catchInterruption } = await import('./interruption.ts');
  const interruption = catchInterruption();
  const { runCommandLine } = await import('./run-command-line.ts');
  process.exitCode = await runCommandLine(process.argv.slice(2), interruption);
  endSoon();
}

/** What was left open somewhere must not keep a command that is done; what is still being written may go out first. */
function endSoon(): void {
  const lingerMsMax = 1_000;
  setTimeout(() => (process.stdout.writableLength ? endSoon() : process.exit()), lingerMsMax).unref();
}

export {};
