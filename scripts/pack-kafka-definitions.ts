import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type {
  JsonApi,
  JsonError,
  JsonMessage,
  KafkaDefinitions,
} from '../engine/protocol/testing/kafka-definitions.ts';

/**
 * `node scripts/pack-kafka-definitions.ts <folder>`: makes the test data of engine/protocol and engine/broker/node from Kafka's
 * definitions and from what was measured. To be run
 * when Kafka's version changes.
 */
const target = resolve(import.meta.dirname, '../engine/protocol/testing/kafka-definitions.json.gz');
/** What Kafka answers with and without rights, as it was measured. */
const aclTable = resolve(import.meta.dirname, '../engine/broker/node/testing/acl-table.json.gz');

function pack(path: string, content: unknown): void {
  writeFileSync(path, gzipSync(JSON.stringify(content), { level: 9 }));
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** All definitions, served here or not, from a folder of Kafka's. */
export function definitionsIn(folder: string): KafkaDefinitions {
  const folders = ['message', ...readdirSync(join(folder, 'records')).map((name) => join('records', name))];
  const all = folders.flatMap((name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)));
  return {
    messages: all.map((path) => readJson<JsonMessage>(path)).sort((a, b) => (a.name < b.name ? -1 : 1)),
    apis: readJson<JsonApi[]>(join(folder, 'api-keys.json')),
    errors: readJson<JsonError[]>(join(folder, 'error-codes.json')),
  };
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('expected the folder with the definitions as the argument, found none');
  pack(target, definitionsIn(folder));
  pack(aclTable, readJson<{ rows: unknown }>(join(folder, 'acl-table.json')).rows);
}
