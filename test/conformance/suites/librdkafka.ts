import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaLibs, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import type { Outcome, Suite } from './suite.ts';
import { runLogged, runStep, suiteFolder } from './suite.ts';

/** Its package carries the whole source of librdkafka 2.15.1, tests included. */
const packageName = '@confluentinc/kafka-javascript@1.10.1';
/** Tests of what only newer brokers have look at it. */
const kafkaVersion = '4.4.0';
const buildMsMax = 900_000;
/** Its tests know how long they may take on a quiet machine. */
const timeoutMultiplier = 4;
const testMsMax = 900_000;
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
    const conf = `bootstrap.servers=${bootstrap}\ntest.timeout.multiplier=${timeoutMultiplier}\n`;
    writeFileSync(join(tests, 'test.conf'), conf);
    const scripts = whyNoApacheKafka() === undefined ? { KAFKA_PATH: scriptFolder() } : {};
    const env = { LD_LIBRARY_PATH: '../src:../src-cpp', BROKERS: bootstrap, ...scripts };
    const args = ['-p1', '-Q', '-E', '-L', '-V', kafkaVersion];
    const found = new Map<string, Outcome>();
    // Each in a process of its own: one that hangs ends the run.
    for (const name of namesOfTests()) {
      const own = join(root, 'test.log');
      rmSync(own, { force: true });
      const one = { ...env, TESTS: name };
      const code = await runLogged(
        { program: './test-runner', args, folder: tests, env: one, timeoutMs: testMsMax },
        own,
      );
      const text = readFileSync(own, 'utf8');
      appendFileSync(log, text);
      const word = new RegExp(`= Test ${name} (PASSED|FAILED|SKIPPED) =`).exec(text)?.[1];
      // Some say that they do not fit the cluster in other words, or not at all.
      found.set(name, word ? outcomes[word]! : code === 0 ? 'skipped' : 'failed');
    }
    return found;
  },
};

/** All that are not marked as needing no broker. */
function namesOfTests(): readonly string[] {
  const table = readFileSync(join(tests, 'test.c'), 'utf8');
  return [...table.matchAll(/^\s*_TEST\((\w+),([^;]*?)\),$/gms)]
    .filter(([, , flags]) => !/TEST_F_(LOCAL|MANUAL|SOCKEM)/.test(flags!))
    .map(([, name]) => name!);
}
