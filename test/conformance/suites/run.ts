import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startApacheKafka, whyNoApacheKafka } from '../../kit/apache-kafka.ts';
import { startBundledCluster } from '../../kit/bundled-cluster.ts';
import { franzGo } from './franz-go.ts';
import { librdkafka } from './librdkafka.ts';
import type { Outcome, Suite } from './suite.ts';
import { suiteFolder } from './suite.ts';

/*
 * `npm run conformance`: other people's suites against three brokers of ours and three nodes of Apache Kafka 4.4.0, one after the other on
 * the same machine. `--suite NAME` runs one, `--ours` leaves Apache Kafka out, `--write` puts the table into docs/conformance.md. Exits
 * with 1 when a test passes there and not here. Hours on a small machine; what the suites say is kept beside their builds.
 */

const suites: readonly Suite[] = [librdkafka, franzGo];
const page = resolve(import.meta.dirname, '../../../docs/conformance.md');
const [tableStart, tableEnd] = ['<!-- suites: start -->', '<!-- suites: end -->'];

const { values } = parseArgs({
  options: {
    suite: { type: 'string' },
    ours: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

interface Side {
  readonly name: string;
  start(): Promise<{ readonly bootstrap: string; stop(): Promise<void> }>;
}

/** What the suites expect: four partitions, and rules that can be made and forbid nothing by themselves. */
const config = {
  'num.partitions': '4',
  'default.replication.factor': '3',
  'auto.create.topics.enable': 'true',
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};
const ours: Side = { name: 'millrace', start: () => startBundledCluster(3, config) };
/** Kafka's controllers do not find each other without: tests of what a rule forbids fail there. */
const theirConfig = { ...config, 'super.users': 'User:ANONYMOUS' };
const theirs: Side = { name: 'kafka', start: () => startApacheKafka({ nodes: 3, config: theirConfig }) };

async function outcomesOn(suite: Suite, side: Side): Promise<ReadonlyMap<string, Outcome>> {
  const log = join(suiteFolder('logs'), `${suite.name}-${side.name}.log`);
  mkdirSync(suiteFolder('logs'), { recursive: true });
  rmSync(log, { force: true });
  const cluster = await side.start();
  try {
    const found = await suite.run(cluster.bootstrap, log);
    const failed = [...found].filter(([, outcome]) => outcome === 'failed').map(([name]) => name);
    process.stdout.write(
      `${suite.name} on ${side.name}: ${countOf(found, 'passed')} of ${found.size} passed; failed: ${failed.join(', ') || 'none'}; ${log}\n`,
    );
    return found;
  } finally {
    await cluster.stop();
  }
}

function countOf(found: ReadonlyMap<string, Outcome>, outcome: Outcome): number {
  return [...found.values()].filter((each) => each === outcome).length;
}

/** The row of one suite, and the tests that pass there and not here. */
async function compared(suite: Suite): Promise<{ row: string; missing: readonly string[] }> {
  const here = await outcomesOn(suite, ours);
  const there = values.ours ? undefined : await outcomesOn(suite, theirs);
  const missing = [...(there ?? [])]
    .filter(([name, outcome]) => outcome === 'passed' && here.get(name) !== 'passed')
    .map(([name]) => name);
  const tests = new Set([...here.keys(), ...(there?.keys() ?? [])]).size;
  const passedThere = there ? countOf(there, 'passed') : '–';
  const row = `| ${suite.what} | ${tests} | ${passedThere} | ${countOf(here, 'passed')} | ${missing.map((name) => `\`${name}\``).join(', ') || 'none'} |`;
  return { row, missing };
}

async function main(): Promise<void> {
  const whyNoKafka = whyNoApacheKafka();
  if (!values.ours && whyNoKafka) throw new Error(`${whyNoKafka}: Apache Kafka cannot run here, use --ours`);
  const rows = [
    '| suite | tests | pass on Apache Kafka 4.4.0 | pass here | pass there and not here |',
    '|---|---|---|---|---|',
  ];
  let isWorse = false;
  for (const suite of suites.filter(({ name }) => values.suite === undefined || name === values.suite)) {
    const whyNot = suite.whyNot();
    if (whyNot) {
      process.stdout.write(`${suite.name} is left out: ${whyNot}\n`);
      continue;
    }
    await suite.prepare();
    const { row, missing } = await compared(suite);
    rows.push(row);
    isWorse ||= missing.length > 0;
  }
  const table = rows.join('\n');
  process.stdout.write(`${table}\n`);
  if (values.write) {
    const text = readFileSync(page, 'utf8');
    const [before, rest] = text.split(tableStart) as [string, string | undefined];
    const after = rest?.split(tableEnd)[1];
    if (after === undefined) throw new Error(`expected ${tableStart} and ${tableEnd} in ${page}`);
    writeFileSync(page, `${before}${tableStart}\n\n${table}\n\n${tableEnd}${after}`);
  }
  process.exitCode = isWorse ? 1 : 0;
}

await main();
