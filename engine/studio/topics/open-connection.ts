import { catalog } from '../../../palette/catalog.ts';
import { runtimes } from '../../../palette/runtimes.ts';
import { MillraceError } from '../../base/errors.ts';
import type { KafkaHost } from '../../kafka/connection.ts';
import { KafkaConnection } from '../../kafka/connection.ts';
import type { Project } from '../../model/document.ts';
import { readProject } from '../../model/project-files.ts';
import { resolveProperties } from '../../run/resolve-properties.ts';
import { resolveReferences } from '../../run/resolve-references.ts';
import { createRuntimeHost } from '../../run/runtime-host.ts';
import { readConfig } from '../../spi/read-config.ts';
import type { ConnectionRef } from '../contract.ts';
import { readProjectFolder } from '../projects/project-folder.ts';

const connectionType = 'kafka.connection';

/** What a Kafka Connection of a window stands on. */
export interface ConnectionGround extends KafkaHost {
  /** Bootstrap servers of the bundled cluster, as long as there is one. */
  readonly clusterAddress: string | undefined;
  /** Folder of the window's project; undefined when none is open. */
  readonly projectFolder: string | undefined;
}

/**
 * Opens the Kafka Connection that a window names, the way a run would: properties by their defaults, secrets from the
 * environment. Rejects with NO_CLUSTER, CONNECTION_UNKNOWN, CONNECTION_INVALID, PROJECT_*, SECRET_MISSING.
 */
export async function openConnection(
  ref: ConnectionRef | undefined,
  ground: ConnectionGround,
): Promise<KafkaConnection> {
  if (ref === undefined) return bundled(ground);
  const project = ground.projectFolder === undefined ? undefined : await projectIn(ground.projectFolder);
  const resource = typeof ref === 'string' ? project?.resources[ref] : { name: ref.name, config: ref.config };
  if (!resource) {
    const message = `expected the Kafka Connection "${String(ref)}" among the saved resources of the project, found none; save the project first`;
    throw new MillraceError('CONNECTION_UNKNOWN', message);
  }
  const declaration = catalog.get(connectionType)!;
  const properties = project ? resolveProperties(project, {}) : undefined;
  const secret = (name: string) => process.env[`MILLRACE_SECRET_${name}`];
  const values = { properties: properties?.ok ? properties.value : {}, secret };
  const resolved = resolveReferences(resource.config, values, `Kafka Connection "${resource.name}"`);
  if (!resolved.ok) throw resolved.error;
  const config = readConfig(declaration.config, resolved.value);
  if (!config.ok) {
    const faults = config.error.map(({ message }) => message).join('; ');
    throw new MillraceError('CONNECTION_INVALID', `Kafka Connection "${resource.name}": ${faults}`);
  }
  const runtime = await runtimes[connectionType]?.();
  if (runtime?.kind !== 'resource')
    throw new MillraceError('CONNECTION_INVALID', 'the palette has no runtime for a Kafka Connection');
  const { projectFolder = process.cwd(), clusterAddress, clock, random, log } = ground;
  const runGround = { clock, random, log, projectFolder, clusterAddress, state: undefined, resources: new Map() };
  const instance = await runtime.open(
    config.value as never,
    createRuntimeHost(runGround, resource.name, { key: resource.name, context: {}, metrics: new Map() }),
  );
  return instance.value as KafkaConnection;
}

function bundled({ clusterAddress, ...host }: ConnectionGround): KafkaConnection {
  if (!clusterAddress) {
    throw new MillraceError(
      'NO_CLUSTER',
      'expected a bundled cluster, found none: this studio was started without one',
    );
  }
  return new KafkaConnection(
    { name: 'bundled cluster', transport: 'websocket', bootstrapServers: clusterAddress },
    host,
  );
}

async function projectIn(folder: string): Promise<Project | undefined> {
  const read = readProject(new Map(Object.entries(await readProjectFolder(folder))));
  return read.ok ? read.value : undefined;
}
