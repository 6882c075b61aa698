import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Random } from '../base/random.ts';
import type { Project } from '../model/document.ts';
import type { ClusterAccess } from '../spi/cluster-access.ts';
import type { ActivityDeclaration } from '../spi/define-activity.ts';
import type { RuntimeLoaders } from '../spi/define-runtime.ts';
import type { Opener } from './open-resource.ts';
import type { PropertySources } from './resolve-properties.ts';
import { resolveProperties } from './resolve-properties.ts';
import type { ReferenceValues } from './resolve-references.ts';
import type { RunGround } from './runtime-host.ts';
import type { StateFolder } from './state-file.ts';

/** What the parts of a project are opened on. */
export interface OpenerOptions extends PropertySources {
  readonly catalog: ReadonlyMap<string, ActivityDeclaration>;
  readonly runtimes: RuntimeLoaders;
  /** Folder in which activities find their files. */
  readonly projectFolder: string;
  /** The value of a secret; undefined when there is none. */
  readonly secret?: ReferenceValues['secret'] | undefined;
  /** Where activities keep what lasts from run to run; left out, it lasts as long as what was opened. */
  readonly state?: StateFolder | undefined;
  /** `host:port` list of the bundled cluster. */
  readonly clusterAddress?: string | undefined;
  readonly clusterAccess?: ClusterAccess | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Opened resources, metrics and the end of who opens; a look at a single resource needs none of them. */
type OpenerParts = Partial<Pick<Opener, 'metrics' | 'isStopping'> & Pick<RunGround, 'resources'>>;

/** Opens parts of a project with the values of its properties. Throws PROFILE_UNKNOWN, PROPERTY_UNKNOWN, PROPERTY_TYPE. */
export function createOpener(
  project: Pick<Project, 'properties' | 'profiles'>,
  options: OpenerOptions,
  { metrics = new Map(), isStopping = () => false, resources = new Map() }: OpenerParts = {},
): Opener {
  const properties = resolveProperties(project, options);
  if (!properties.ok) throw properties.error;
  const { catalog, runtimes, clock, random, log, projectFolder, clusterAddress, clusterAccess, state } = options;
  return {
    ...{ catalog, runtimes, metrics, isStopping },
    ground: { clock, random, log, projectFolder, clusterAddress, clusterAccess, state, resources },
    references: { properties: properties.value, secret: options.secret ?? (() => undefined) },
  };
}
