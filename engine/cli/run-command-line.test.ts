import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands } from './commands.ts';
import { runCommandLine } from './run-command-line.ts';

let out = '';
let error = '';

beforeEach(() => {
  // Each command line watches the streams of its process; here many share one.
  process.stdout.setMaxListeners(200);
  process.stderr.setMaxListeners(200);
  out = '';
  error = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    error += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGINT');
  process.removeAllListeners('SIGTERM');
});

const sample = 'examples/earthquakes';

describe('the command line', () => {
  it('shows every command, and each command its options', async () => {
    expect(await runCommandLine(['help'])).toBe(0);
    for (const { path, summary } of commands) expect(out).toMatch(new RegExp(`  ${path.join(' ')} +${summary}`));
    for (const { path } of commands) {
      out = '';
      expect(await runCommandLine([...path, '--help'])).toBe(0);
      expect(out).toContain(`millrace ${path.join(' ')}`);
    }
  });

  it.each([
    [['nope'], 2, 'millrace: unknown command "nope"; millrace help lists all commands\n'],
    [
      ['recieve', 't'],
      2,
      'millrace: unknown command "recieve"; millrace help lists all commands; did you mean "receive"?\n',
    ],
    [
      ['topic', 'crate'],
      2,
      'millrace: expected one of: topic list, topic create, topic describe, topic delete; did you mean "topic create"?\n',
    ],
    [
      ['send', 't', 'v', '--partition', 'x', '--cluster', '127.0.0.1:1'],
      2,
      'millrace: --partition: expected a whole number from 0 to 2147483647, found "x"\n',
    ],
    [['send', 't', '--recrods'], 2, 'millrace: send: Unknown option \'--recrods\'; did you mean "--records"?\n'],
    [['topic'], 2, 'millrace: expected one of: topic list, topic create, topic describe, topic delete\n'],
    [['run'], 2, 'millrace: run: expected <project>; millrace run --help says more\n'],
    [['run', sample, '--nope'], 2, "millrace: run: Unknown option '--nope'\n"],
    [['run', sample, 'more'], 2, 'millrace: run: expected 1 arguments, found "more" as well\n'],
    [['run', sample, '--set', 'x'], 2, 'millrace: --set: expected name=value, found "x"\n'],
    [
      ['receive', 't', '--from', 'zz'],
      2,
      'millrace: --from: expected earliest, latest, last:N, an offset or a time, found "zz"\n',
    ],
    [['send', 't', 'v', '--cluster', ''], 2, 'millrace: --cluster: expected host:port, found nothing\n'],
    [
      ['send', 't', 'v', '--servers', 'a:1', '-b', 'b:2'],
      2,
      'millrace: expected one of --servers and --bootstrap-server, found "a:1" and "b:2"\n',
    ],
    [
      ['cluster', 'start', '--data', '/no/such', '--brokers', '3', '--ports', '1,2'],
      2,
      'millrace: --ports: expected 3 ports, one for each broker, found "1,2"\n',
    ],
    [
      ['cluster', 'start', '--data', '/no/such', '--brokers', '3', '--ports', '0,2,2'],
      2,
      'millrace: --ports: expected a port of its own for each broker, found 2 twice\n',
    ],
    [['run', 'no/such'], 3, 'millrace: expected a project folder or a bundle, found nothing at no/such\n'],
    [['validate', 'engine'], 3, 'millrace: expected a project, found no millrace.json in engine\n'],
    [['validate', 'package.json'], 3, /^millrace: package.json: expected a bundle, found a file that is none .*\n$/],
    [
      ['run', sample, '--profile', 'nope', '--cluster', '127.0.0.1:1'],
      3,
      'millrace: expected one of the project\'s profiles ("fast"), found "nope"\n',
    ],
    [
      ['topic', 'list', '--servers', '127.0.0.1:0'],
      1,
      'millrace: Kafka Connection "servers": Bootstrap Servers: expected a port from 1 to 65535 in "127.0.0.1:0"\n',
    ],
  ])('ends %j with one line', async (words, code, line) => {
    expect(await runCommandLine(words as string[])).toBe(code);
    if (line instanceof RegExp) expect(error).toMatch(line);
    else expect(error).toBe(line);
    expect(out).toBe('');
  });

  it('shows the help of a command, or of all below a word, wherever help is asked for', async () => {
    expect(await runCommandLine(['help', 'topic', 'create'])).toBe(0);
    expect(out).toContain('millrace topic create <topic>');
    for (const words of [
      ['topic', '--help'],
      ['help', 'topic'],
    ]) {
      out = '';
      expect(await runCommandLine(words)).toBe(0);
      expect(out).toContain('topic delete');
      expect(out).not.toContain('studio');
    }
    out = '';
    expect(await runCommandLine(['-V'])).toBe(0);
    expect(out).toMatch(/^millrace \d/);
  });

  it('gives JSON where asked for: results on standard output, failures on standard error', async () => {
    expect(await runCommandLine(['validate', sample, '--json'])).toBe(0);
    expect(JSON.parse(out)).toEqual({ project: 'Earthquakes', errors: 0, problems: [] });
    expect(await runCommandLine(['run', 'no/such', '--json'])).toBe(3);
    expect(JSON.parse(error)).toMatchObject({ error: { code: 'PROJECT_NOT_FOUND' } });
  });

  it.each([
    ['--json', 'validate', sample],
    ['validate', '--json', sample],
    ['--json', 'help'],
    ['help', '--json'],
    ['help', '--json', 'topic', 'list'],
    ['--json'],
    ['topic', '--help', '--json'],
    ['run', '-h', '--json'],
    ['completion', 'bash', '--json'],
    ['version', '--json'],
  ])('prints one line of JSON for %s %s %s', async (...words) => {
    expect(await runCommandLine(words)).toBe(0);
    expect(out.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(out)).toBeTypeOf('object');
    expect(error).toBe('');
  });

  it('takes a word behind -- for a value, also --json', async () => {
    expect(await runCommandLine(['run', '--', '--json'])).toBe(3);
    expect(error).toBe('millrace: expected a project folder or a bundle, found nothing at --json\n');
  });
});

describe('a command whose output cannot be written', () => {
  const shell = (command: string) => spawnSync('sh', ['-c', command], { encoding: 'utf8' });
  const millrace = `"${process.execPath}" engine/cli/main.ts`;

  it.skipIf(process.platform !== 'linux')('fails and says so (only Linux has a device that is full)', () => {
    const { status, stderr } = shell(`${millrace} validate ${sample} --json > /dev/full`);
    expect(status).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'OUTPUT_FAILED' } });
  });

  it.skipIf(process.platform === 'win32')('keeps its exit code when its reader has gone (not on Windows)', () => {
    expect(shell(`{ ${millrace} run no/such 2>&1; echo "code $?" >&2; } | true`).stderr).toBe('code 3\n');
  });
});

describe('a command that waits for a broker which says nothing', () => {
  const silent = createServer(() => {});
  let at = '';
  beforeAll(async () => {
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    at = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });
  afterAll(() => silent.close());

  it.each([
    ['receive', 't'],
    ['send', 't', 'v'],
    ['topic', 'list'],
    ['group', 'describe', 'g'],
  ])('is ended by one signal: %s %s', async (...words) => {
    const controller = new AbortController();
    const connected = once(silent, 'connection');
    const ended = runCommandLine([...words, '--servers', at], { signal: controller.signal, release: () => {} });
    const [socket] = (await connected) as [Socket];
    controller.abort('SIGTERM');
    expect(await ended).toBe(143);
    socket.destroy();
  });
});
