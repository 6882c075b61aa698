import { spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Outcome, Suite } from './suite.ts';
import { runLogged, runStep, suiteFolder } from './suite.ts';

const version = 'v1.22.3';
const buildMsMax = 900_000;
const testMsMax = 2_400_000;
const records = 50_000;
const outcomes: Readonly<Record<string, Outcome>> = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' };

const root = suiteFolder(`franz-go-${version}`);
const binary = join(root, 'kgo.test');

/**
 * The tests of franz-go's client. TestGroupETL and TestTxnEtl carry records over three topics and check that each comes once, for every
 * balancer and for KIP-848; connections are cut meanwhile.
 */
export const franzGo: Suite = {
  name: 'franz-go',
  what: `franz-go ${version} \`kgo\` (\`KGO_TEST_CHAOS=1\`, ${records} records)`,

  whyNot() {
    return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0 ? undefined : 'no go';
  },

  async prepare() {
    if (existsSync(binary)) return;
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'go.mod'), `module suite\n\ngo 1.25\n\nrequire github.com/twmb/franz-go ${version}\n`);
    const env = { GOFLAGS: '-mod=mod' };
    const args = ['test', '-c', '-o', binary, 'github.com/twmb/franz-go/pkg/kgo'];
    await runStep({ program: 'go', args, folder: root, env, timeoutMs: buildMsMax }, join(root, 'build.log'));
  },

  async run(bootstrap, log) {
    const env = { KGO_SEEDS: bootstrap, KGO_TEST_RF: '3', KGO_TEST_RECORDS: String(records), KGO_TEST_CHAOS: '1' };
    const args = ['-test.v', '-test.count=1', '-test.parallel=2', `-test.timeout=${testMsMax}ms`];
    await runLogged({ program: binary, args, folder: root, env, timeoutMs: testMsMax + 60_000 }, log);
    const found = new Map<string, Outcome>();
    // Line by line: cut connections fill it with more than a string holds.
    for await (const line of createInterface({ input: createReadStream(log) })) {
      const row = /^\s*--- (PASS|FAIL|SKIP): (\S+)/.exec(line);
      if (row) found.set(row[2]!, outcomes[row[1]!]!);
    }
    return found;
  },
};
