import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from './commands.ts';
import { completionScript } from './completion-script.ts';

const loaded = await Promise.all(commands.map(async (entry) => ({ ...entry, command: await entry.load() })));

describe.skipIf(!existsSync('/bin/bash'))('completion in bash (needs /bin/bash)', () => {
  it.each([
    ['to', 'topic'],
    ['topic cr', 'create'],
    ['topic create --par', '--partitions'],
    ['send orders --rec', '--records'],
    ['help', 'help'],
    ['nothing ', ''],
  ])('completes %j', (line, expected) => {
    const words = ['millrace', ...line.split(' ')];
    const script = `${completionScript('bash', loaded)}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _millrace; echo "\${COMPREPLY[*]}"`;
    expect(execFileSync('/bin/bash', ['-c', script], { encoding: 'utf8' }).trim()).toBe(expected);
  });
});

it('tells zsh and fish the same commands', () => {
  expect(completionScript('zsh', loaded)).toContain('bashcompinit');
  const fish = completionScript('fish', loaded);
  expect(fish).toContain(
    "complete -c millrace -n '__fish_seen_subcommand_from topic; and __fish_seen_subcommand_from create' -l partitions",
  );
  expect(fish).toContain("cluster\\'s default");
});
