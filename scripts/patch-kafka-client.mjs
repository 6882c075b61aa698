// Gives @platformatic/kafka's connection a `createSocket` option, so that a Kafka Connection can run over a WebSocket, and lets
// metadata tell of internal topics too (the library leaves them out, so that `__consumer_offsets` could not be looked at).
// Runs before every build and every test: a hook at install would run on the machines of users, too. A second run changes nothing.
// Each text must be found exactly once, so a new version of the library fails here and not with a silent plain TCP connection later.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const library = dirname(createRequire(import.meta.url).resolve('@platformatic/kafka'));

const edits = [
  {
    file: 'network/connection.js',
    from: `this.#socket = this.#options.tls
                ? createTLSConnection(port, host, { ...this.#options.tls, ...connectionOptions })
                : createConnection({ ...connectionOptions, port, host });`,
    to: `this.#socket = this.#options.createSocket
                ? this.#options.createSocket(host, port, connectionOptions)
                : this.#options.tls
                    ? createTLSConnection(port, host, { ...this.#options.tls, ...connectionOptions })
                    : createConnection({ ...connectionOptions, port, host });`,
  },
  {
    file: 'network/connection.js',
    from: `this.#socket.once(this.#options.tls ? 'secureConnect' : 'connect'`,
    to: `this.#socket.once(this.#options.tls && !this.#options.createSocket ? 'secureConnect' : 'connect'`,
  },
  {
    file: 'network/connection.d.ts',
    from: 'export interface ConnectionOptions {',
    to: `export interface ConnectionOptions {
    createSocket?: (host: string, port: number, options: { timeout?: number }) => Socket;`,
  },
  {
    file: 'clients/base/base.js',
    from: `                    /* c8 ignore next 3 - Sometimes internal topics might be returned by Kafka */
                    if (isInternal) {
                        continue;
                    }`,
    to: `                    /* internal topics stay in the metadata (patched) */`,
  },
];

function count(text, part) {
  return text.split(part).length - 1;
}

for (const { file, from, to } of edits) {
  const path = join(library, file);
  const text = readFileSync(path, 'utf8');
  if (count(text, to) === 1) continue;
  const found = count(text, from);
  if (found !== 1) {
    throw new Error(
      `patch-kafka-client: expected the text to patch once in ${file} of @platformatic/kafka, found it ${found} times`,
    );
  }
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
}
