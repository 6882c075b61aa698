import { catalog } from '../../../palette/catalog.ts';
import { runtimes } from '../../../palette/runtimes.ts';
import type { KafkaHost } from '../../kafka/connection.ts';
import { createOpener } from '../../run/create-opener.ts';
import type { ResourceSettings } from '../../run/open-resource.ts';
import { openResource } from '../../run/open-resource.ts';
import { environmentSecret } from '../../run/resolve-references.ts';
import type { ClusterAccess } from '../../spi/cluster-access.ts';
import type { ResourceInstance } from '../../spi/runtime.ts';
import type { StudioSession } from '../session.ts';

/** A shared resource of the window's project by its id, or its settings as they are in the window. */
export type ResourceRef = string | ResourceSettings;

/** What shared resources of windows stand on. */
export interface ResourceGround extends KafkaHost {
  /** Bootstrap servers of the bundled cluster now, as long as there is one. */
  readonly clusterAddress: () => string | undefined;
  readonly clusterAccess: () => ClusterAccess | undefined;
}

const bundledCluster: ResourceSettings = {
  type: 'kafka.connection',
  name: 'bundled cluster',
  config: { cluster: 'bundled' },
};

/**
 * Opens the shared resource that a window names, exactly as a run would: properties by the profile or their defaults, secrets from the
 * environment, the same refusals. The project is the one that the window's store knows: nothing is read from disk for it.
 */
export async function openRef(
  ref: ResourceRef | undefined,
  session: StudioSession,
  { clusterAddress, clusterAccess, clock, random, log }: ResourceGround,
  profile?: string,
): Promise<ResourceInstance> {
  const project = session.project?.document;
  const opener = createOpener(project ?? { properties: {}, profiles: {} }, {
    ...{ catalog, runtimes, profile, secret: environmentSecret(process.env), clock, random, log },
    projectFolder: session.project?.path ?? process.cwd(),
    clusterAddress: clusterAddress(),
    clusterAccess: clusterAccess(),
  });
  if (typeof ref === 'string') return openResource(opener, ref, project?.resources[ref]);
  return openResource(opener, ref?.name ?? bundledCluster.name, ref ?? bundledCluster);
}
