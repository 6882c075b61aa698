import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

/**
 * `node test/simulation/run-mutations.ts [name...] [--runs 60] [--seed 1]`: puts known bugs back, one at a time, in a copy of the
 * sources, and runs seeds until one of them shows it. Exit code 1 when a bug was not found.
 */

/** A bug as the one place where it is put back. */
interface Mutation {
  readonly bug: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** Of what a failing seed says. */
const shownCharsMax = 200;
const root = resolve(import.meta.dirname, '../..');
const folder = join(import.meta.dirname, 'mutations');
const copied = ['engine', 'palette', 'test', 'scripts', 'package.json', 'tsconfig.json'];

function read(name: string): Mutation {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Mutation;
}

/** A copy of the sources with the bug in it. */
function mutated({ file, find, replace }: Mutation): string {
  const copy = mkdtempSync(join(tmpdir(), 'mutation-'));
  for (const part of copied) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const source = readFileSync(join(copy, file), 'utf8');
  if (source.split(find).length !== 2) throw new Error(`expected once in ${file}: ${find}`);
  writeFileSync(
    join(copy, file),
    source.replace(find, () => replace),
  );
  return copy;
}

/** The first seed that fails, with what it says; undefined when all of them pass. */
async function firstFailure(copy: string, seed: number, runs: number): Promise<string | undefined> {
  const args = ['scripts/sim.ts', '--seed', String(seed), '--runs', String(runs)];
  const child = spawn(process.execPath, args, { cwd: copy, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  let failed: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    failed ??= /^seed (\d+) FAILED/.exec(line)?.[1];
    const violation = failed === undefined ? undefined : /VIOLATION\s+(.*)/.exec(line)?.[1];
    if (violation === undefined) continue;
    child.kill();
    await ended;
    return `seed ${failed}: ${violation.slice(0, shownCharsMax)}`;
  }
  await ended;
  return failed === undefined ? undefined : `seed ${failed}`;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const all = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
for (const name of positionals.length ? positionals : all) {
  const copy = mutated(read(name));
  try {
    const found = await firstFailure(copy, Number(values.seed), Number(values.runs));
    console.info(`${name}: ${found ?? 'NOT FOUND'}`);
    if (found === undefined) process.exitCode = 1;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
