import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Project } from '../../engine/model/document.ts';
import type { JsonValue } from '../../engine/model/json-value.ts';
import { writeProject } from '../../engine/model/project-files.ts';
import type { RunningCluster } from './test-clusters.ts';

/** What the route project is made with. */
export interface RouteProject {
  readonly cluster: RunningCluster;
  readonly from: string;
  readonly to: string;
  /** Config fields of ReceiveMessage that differ from the defaults of the test. */
  readonly receive?: Readonly<Record<string, JsonValue>>;
  /** Condition on the wire; every record passes when left out. */
  readonly condition?: string;
}

/** A project of one process: receive a record, map it, send it on. Reads from the beginning, commits often. */
export function routeProject({ cluster, from, to, receive = {}, condition }: RouteProject): Project {
  const { transport, bootstrapServers } = cluster.settings;
  const kind: Record<string, JsonValue> =
    transport === 'tcp' ? { cluster: 'servers', bootstrapServers } : { cluster: 'bundled' };
  const settings = {
    connection: 'cluster',
    topics: [from],
    groupId: `${from}-group`,
    startFrom: 'earliest',
    commitIntervalMs: 100,
    ...receive,
  };
  return {
    format: 1,
    name: 'route',
    version: '1.0.0',
    properties: {},
    processes: {
      route: {
        id: 'route',
        name: 'Route',
        activities: {
          receive: { id: 'receive', name: 'Receive', type: 'kafka.receive-message', config: settings, input: {} },
          send: {
            id: 'send',
            name: 'Send',
            type: 'kafka.send-message',
            config: { connection: 'cluster', topic: to },
            input: { key: 'receive.key', value: '{"n": receive.value.n, "twice": receive.value.n * 2}' },
          },
        },
        transitions: [
          {
            id: 'pass',
            from: 'receive',
            to: 'send',
            ...(condition === undefined ? { kind: 'success' } : { kind: 'condition', condition }),
          },
        ],
        layout: { positions: { receive: { x: 0, y: 0 }, send: { x: 200, y: 0 } } },
      },
    },
    resources: { cluster: { id: 'cluster', type: 'kafka.connection', name: 'Cluster', config: kind } },
    profiles: {},
    schemas: {},
    tests: {},
  };
}

/** Writes a project into a new temporary folder and returns the folder. */
export function writeProjectFolder(project: Project): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-project-'));
  for (const [path, text] of writeProject(project)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
