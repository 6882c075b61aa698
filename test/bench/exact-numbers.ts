import { compileExpression } from '../../engine/expressions/compile-expression.ts';
import { parseJsonBytes } from '../../engine/formats/exact-json.ts';
import { decodeBytes, encodeBytes } from '../../engine/formats/record-format.ts';
import { sampleMapping, sampleRecord } from './sample-record.ts';

/*
 * What it costs that numbers keep their digits and untouched data its bytes: JSON of 1.2 KiB is decoded, mapped to six fields and
 * encoded, in each way in turn in one process: `node test/bench/exact-numbers.ts [rounds]`. Prints the ns of a record, the least of all
 * rounds.
 */

const records = Array.from({ length: 500 }, (_, index) => sampleRecord(100_000 + index * 37));

const decoders: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  'JSON.parse alone': (bytes) => JSON.parse(bytes.toString('utf8')) as unknown,
  'with the scans for numbers and levels': (bytes) => parseJsonBytes(bytes, bytes.toString('utf8')),
  'as ReceiveMessage decodes': (bytes) => decodeBytes(bytes, 'auto', 'Value'),
};

const compiled = compileExpression(sampleMapping, { clock: { now: () => 0 }, random: { next: () => 0.5 } });
if (!compiled.ok) throw compiled.error;
const mapping = compiled.value;

function nsPerRecord(decode: (bytes: Buffer) => unknown): number {
  const started = performance.now();
  for (const bytes of records)
    encodeBytes(mapping.evaluate({ receive: { value: decode(bytes), topic: 't' } }), 'auto', 'Value');
  return ((performance.now() - started) * 1e6) / records.length;
}

const rounds = Number(process.argv[2] ?? 400);
const least = new Map<string, number>();
for (let round = 0; round < rounds; round++)
  for (const [name, decode] of Object.entries(decoders))
    least.set(name, Math.min(least.get(name) ?? Number.POSITIVE_INFINITY, nsPerRecord(decode)));
const [plain = 0] = least.values();
for (const [name, ns] of least) console.log(`${name}: ${Math.round(ns)} ns (${((ns / plain - 1) * 100).toFixed(1)} %)`);
