import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MillraceError, messageOf } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';
import { NodeDisk } from '../../host/node-disk.ts';
import { userFolder } from '../../host/user-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `connections.json` of a user: client properties by the name of a connection. */
interface SavedConnections {
  readonly formatVersion: 1;
  /** The one that commands use when none is named; null: the bundled cluster. */
  readonly current: string | null;
  readonly connections: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const none: SavedConnections = { formatVersion: 1, current: null, connections: {} };

/** Stands for the cluster of this installation, and can be no name of a connection. */
export const bundledName = 'bundled';

/** Where connections are kept: with their secrets, readable by their user only (mode 600), beside no project. */
export function connectionsPath(environment: Environment): string {
  return join(userFolder(environment), 'connections.json');
}

/** All that a user has saved. Throws CONNECTIONS_UNREADABLE. */
export function readConnections(environment: Environment): SavedConnections {
  const path = connectionsPath(environment);
  if (!existsSync(path)) return none;
  try {
    const file = JSON.parse(readFileSync(path, 'utf8')) as SavedConnections;
    if (file.formatVersion === 1 && typeof file.connections === 'object') return file;
    throw new Error(`expected format version 1, found ${JSON.stringify(file.formatVersion)}`);
  } catch (cause) {
    throw new MillraceError('CONNECTIONS_UNREADABLE', `could not read ${path}: ${messageOf(cause)}`, { cause });
  }
}

function writeConnections(environment: Environment, saved: SavedConnections): void {
  const path = connectionsPath(environment);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const names = Object.keys(saved.connections).sort();
  const connections = Object.fromEntries(names.map((name) => [name, saved.connections[name]]));
  new NodeDisk().writeFileAtomic(path, Buffer.from(`${JSON.stringify({ ...saved, connections }, null, 2)}\n`));
  chmodSync(path, 0o600);
}

/** Throws CONNECTION_UNKNOWN, with the name that was most likely meant. */
export function savedConnection(saved: SavedConnections, name: string): Readonly<Record<string, string>> {
  const found = Object.hasOwn(saved.connections, name) ? saved.connections[name] : undefined;
  if (found) return found;
  const names = Object.keys(saved.connections);
  const list = names.length ? `one of ${names.join(', ')}` : 'a connection made with millrace connection add';
  throw new MillraceError('CONNECTION_UNKNOWN', `expected ${list}, found "${name}"${didYouMean(name, names)}`);
}

/** Saves a connection, in place of one that had the name. The first one made is not used by itself: `chooseConnection` says so. */
export function saveConnection(environment: Environment, name: string, values: ReadonlyMap<string, string>): void {
  const saved = readConnections(environment);
  const connections = { ...saved.connections, [name]: Object.fromEntries(values) };
  writeConnections(environment, { ...saved, connections });
}

/** Makes a connection the one that commands use; `bundled` is none. Throws CONNECTION_UNKNOWN. */
export function chooseConnection(environment: Environment, name: string): void {
  const saved = readConnections(environment);
  if (name !== bundledName) savedConnection(saved, name);
  writeConnections(environment, { ...saved, current: name === bundledName ? null : name });
}

/** Throws CONNECTION_UNKNOWN. */
export function removeConnection(environment: Environment, name: string): void {
  const saved = readConnections(environment);
  savedConnection(saved, name);
  const { [name]: _removed, ...connections } = saved.connections;
  writeConnections(environment, { ...saved, current: saved.current === name ? null : saved.current, connections });
}
