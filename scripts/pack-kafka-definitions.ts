import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { apis } from '../engine/protocol/api-keys.ts';
import { allSchemas } from '../engine/protocol/testing/all-schemas.ts';
import type {
  JsonApi,
  JsonError,
  JsonMessage,
  KafkaDefinitions,
} from '../engine/protocol/testing/kafka-definitions.ts';

/**
 * `node scripts/pack-kafka-definitions.ts <folder>`: makes the test data of engine/protocol from Kafka's definitions. To be run
 * when an API is added or Kafka's version changes.
 */
const target = resolve(import.meta.dirname, '../engine/protocol/testing/kafka-definitions.json.gz');

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

/** The definitions of what is served, from a folder with all of Kafka's. */
export function definitionsIn(folder: string): KafkaDefinitions {
  const folders = ['message', ...readdirSync(join(folder, 'records')).map((name) => join('records', name))];
  const all = folders.flatMap((name) => readdirSync(join(folder, name)).map((file) => join(folder, name, file)));
  const names = new Set(allSchemas.map(({ name }) => name));
  const keys = new Set(Object.values(apis).map(({ key }) => key));
  return {
    messages: all
      .map((path) => readJson<JsonMessage>(path))
      .filter(({ name }) => names.has(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    apis: readJson<JsonApi[]>(join(folder, 'api-keys.json')).filter(({ key }) => keys.has(key)),
    errors: readJson<JsonError[]>(join(folder, 'error-codes.json')),
  };
}

if (import.meta.main) {
  const folder = process.argv[2];
  if (folder === undefined) throw new Error('expected the folder with the definitions as the argument, found none');
  writeFileSync(target, gzipSync(JSON.stringify(definitionsIn(folder)), { level: 9 }));
}
