import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BundledCluster } from '../kit/bundled-cluster.ts';
import { startBundledCluster } from '../kit/bundled-cluster.ts';
import type { Flow, FlowResults } from '../kit/flows.ts';
import { runFlows } from '../kit/flows.ts';

const order = JSON.stringify({
  label: 'k7-m2',
  ms: 1_583_020_800_000,
  lines: [
    { sku: 'bolt', count: 2 },
    { sku: 'nut', count: 9 },
  ],
});

/** A flow that sends what an expression gives, as the field `r`. */
const shows = (expression: string, value = order): Flow => ({
  records: [{ value }],
  steps: { out: { input: { value: `{"r": ${expression}}` } } },
});
const routes = (condition: string, ...values: readonly (string | null)[]): Flow => ({
  records: values.map((value) => ({ key: Buffer.from('k'), value })),
  steps: {
    yes: { input: { key: 'receive.key', value: 'receive.raw.value' }, condition },
    no: { input: { key: 'receive.key', value: 'receive.raw.value' }, kind: 'otherwise' },
  },
});

const expressions: Readonly<Record<string, readonly [title: string, expression: string, result: unknown]>> = {
  case43: ['43: a function over a list', '$map(receive.value.lines, function($l) { $l.sku })', ['bolt', 'nut']],
  case44: ['44: a regular expression', '$match(receive.value.label, /[0-9]/).match', ['7', '2']],
  case45: ['45: a sort', 'receive.value.lines^(>count).sku', ['nut', 'bolt']],
  case46: ['46: a date with a picture', '$fromMillis(receive.value.ms, "[D01].[M01].[Y0001]")', '01.03.2020'],
  case47a: ['47: a grouping', 'receive.value.lines{sku: count}', { bolt: 2, nut: 9 }],
  case47b: ['47: a variable', '($l := receive.value.lines; $sum($l.count))', 11],
  case47c: ['47: all fields of the message', '"value" in $keys(receive) and $count(receive.*) > 6', true],
  case47d: ['47: text computed as an expression', '$eval("receive.value.label")', 'k7-m2'],
  case47e: [
    '47: one interpreted field beside plain ones',
    '{"s": receive.value.label, "n": $distinct([1, 1])}',
    { s: 'k7-m2', n: [1] },
  ],
  case50: [
    '50: an offset with a colon',
    '$fromMillis(receive.value.ms, (), "+05:45")',
    '2020-03-01T05:45:00.000+05:45',
  ],
  case51: ['51: half an hour west', '$fromMillis(receive.value.ms, "[H01]:[m01][Z]", "-0930")', '14:30-09:30'],
  case52: [
    '52: a zone by name, in winter and summer',
    '[0, 180].$fromMillis($$.receive.value.ms + $ * 86400000, "[H01]", "Europe/Paris")',
    ['01', '02'],
  ],
  case53: [
    '53: a date without separators',
    '$fromMillis($toMillis("20210304050607", "[Y0001][M01][D01][H01][m01][s01]"))',
    '2021-03-04T05:06:07.000Z',
  ],
  case54: [
    '54: sixteen digits as text',
    '["n-" & 4821739201846537, $string(9007199254740991)]',
    ['n-4821739201846537', '9007199254740991'],
  ],
  case55: [
    '55: a number picture with an exponent',
    '[$formatNumber(0, "0e0"), $formatNumber(-730, "0e0")]',
    ['0e0', '-7e2'],
  ],
};

describe('expressions from a topic to a topic', () => {
  let cluster: BundledCluster;
  let results: FlowResults;
  beforeAll(async () => {
    cluster = await startBundledCluster(1);
    results = await runFlows(cluster.bootstrap, {
      ...Object.fromEntries(Object.entries(expressions).map(([id, [, expression]]) => [id, shows(expression)])),
      case48: routes('$count($filter(receive.value.lines, function($l) { $l.count > 5 })) > 0', order, '{"lines":[]}'),
      case10: routes('receive.value.amount > 5', null, '{"amount":6}', '{"amount":5}'),
      case56: routes(
        'receive.value.amount > 5',
        '{}',
        '[]',
        'words',
        '{"amount":[9]}',
        '{"amount":"9"}',
        '{"amount":null}',
      ),
      case57: shows(`[$contains("${'a'.repeat(40)}!", /^(a+)+$/), $count($match("${'a'.repeat(40)}!", /(a|aa)+!/))]`),
      endless: shows('($f := function($x) { $f($x + 1) }; $f(0))'),
    });
  });
  afterAll(async () => {
    await results?.stop();
    await cluster?.stop();
  });

  const values = async (flow: string, step?: string) =>
    (await results.arrived(flow, step)).map(({ value }) => (value === null ? null : String(value)));

  it.each(Object.entries(expressions))('%s %s', async (id, [, , result]) => {
    expect((await values(id)).map((value) => JSON.parse(value!) as unknown)).toEqual([{ r: result }]);
  });

  it('48: a condition with a function sends each message on its own wire', async () => {
    expect(await values('case48', 'yes')).toEqual([order]);
    expect(await values('case48', 'no')).toEqual(['{"lines":[]}']);
  });

  it('10: a tombstone in a condition goes the other way', async () => {
    expect(await values('case10', 'yes')).toEqual(['{"amount":6}']);
    expect(await values('case10', 'no')).toEqual([null, '{"amount":5}']);
  });

  it('56: what is missing is not more; text, null and lists beside a number are faults that say so', async () => {
    expect(await values('case56', 'yes')).toEqual([]);
    expect(await values('case56', 'no')).toEqual(['{}', '[]', 'words']);
    const failures = results.run.jobs({ process: 'case56', state: 'failed' }).map(({ failure }) => failure?.message);
    expect(failures).toHaveLength(3);
    expect(failures.join()).toMatch(/expected (a number or a text|two numbers or two texts)/);
  });

  it('57: nested repetitions take no time, and an endless recursion is one failed job among others', async () => {
    expect(await values('case57')).toEqual(['{"r":[false,1]}']);
    const [failed] = results.run.jobs({ process: 'endless' });
    expect(failed).toMatchObject({ state: 'failed', failure: { code: 'EXPRESSION_FAILED' } });
    expect(failed!.failure!.message).toContain('took too many steps');
  });
});
