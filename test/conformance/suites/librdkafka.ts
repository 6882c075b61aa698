import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaLibs, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { Outcome, Suite } from './suite.ts';
import { runLogged, runStep, suiteFolder } from './suite.ts';

/** Its package carries the whole source of librdkafka 2.15.1, tests included. */
const packageName = '@confluentinc/kafka-javascript@1.10.1';
/** Tests of what only newer brokers have look at it. */
const kafkaVersion = '4.4.0';
const buildMsMax = 900_000;
const runMsMax = 3_600_000;
const outcomes: Readonly<Record<string, Outcome>> = { PASSED: 'passed', FAILED: 'failed', SKIPPED: 'skipped' };

const root = suiteFolder('librdkafka-2.15.1');
const source = join(root, 'package/deps/librdkafka');
const tests = join(source, 'tests');
const buildLog = join(root, 'build.log');

/** Kafka's scripts that tests call, and the classes of its jars behind them. */
const scripts: Readonly<Record<string, string>> = {
  'kafka-topics.sh': 'org.apache.kafka.tools.TopicCommand',
  'kafka-acls.sh': 'org.apache.kafka.tools.AclCommand',
};

/** A folder with those scripts, as the tests expect it. */
function scriptFolder(): string {
  const bin = join(root, 'kafka/bin');
  mkdirSync(bin, { recursive: true });
  for (const [name, className] of Object.entries(scripts)) {
    const text = `#!/bin/sh\nexec java -Xmx128m -cp '${kafkaLibs()}/*' ${className} "$@"\n`;
    writeFileSync(join(bin, name), text, { mode: 0o755 });
  }
  return join(root, 'kafka');
}

/**
 * librdkafka's own tests that need a broker, quick (-Q). Left out: those of its socket emulator (-E). Tests for listeners with TLS or
 * SASL skip themselves.
 */
export const librdkafka: Suite = {
  name: 'librdkafka',
  what: "librdkafka 2.15.1's own tests that need a broker (`-L -Q -E`)",

  whyNot() {
    if (process.platform !== 'linux') return 'not Linux';
    for (const program of ['gcc', 'g++', 'make', 'tar'])
      if (spawnSync(program, ['--version'], { stdio: 'ignore' }).status !== 0) return `no ${program}`;
    return undefined;
  },

  async prepare() {
    if (existsSync(join(tests, 'test-runner'))) return;
    mkdirSync(root, { recursive: true });
    const step = (folder: string, program: string, ...args: string[]) =>
      runStep({ program, args, folder, timeoutMs: buildMsMax }, buildLog);
    await step(root, 'npm', 'pack', packageName, '--silent');
    await step(root, 'bash', '-c', 'tar xzf confluentinc-kafka-javascript-*.tgz package/deps/librdkafka');
    await step(source, './configure', '--disable-sasl');
    await step(source, 'make', '-j2', 'libs');
    await step(source, 'make', '-j2', '-C', 'tests', 'build');
  },

  async run(bootstrap, log) {
    const hasKafka = whyNoApacheKafka() === undefined;
    writeFileSync(join(tests, 'test.conf'), `bootstrap.servers=${bootstrap}\n`);
    const env = {
      LD_LIBRARY_PATH: '../src:../src-cpp',
      BROKERS: bootstrap,
      ...(hasKafka && { KAFKA_PATH: scriptFolder() }),
    };
    const args = ['-p1', '-Q', '-E', '-L', '-V', kafkaVersion];
    await runLogged({ program: './test-runner', args, folder: tests, env, timeoutMs: runMsMax }, log);
    const found = new Map<string, Outcome>();
    for (const [, name, word] of readFileSync(log, 'utf8').matchAll(/= Test (\w+) (PASSED|FAILED|SKIPPED) =/g))
      found.set(name!, outcomes[word!]!);
    return found;
  },
};
