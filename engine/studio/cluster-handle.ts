import type { ClusterAccess } from '../spi/cluster-access.ts';
import type { ClusterStatus } from './contract.ts';

/** The bundled cluster as the studio sees it. Whoever starts the studio starts the cluster, and stops it after the studio. */
export interface ClusterHandle {
  status(): ClusterStatus;
  /** Calls `listener` after every change of `status()`; returns a function that ends that. */
  onChange(listener: () => void): () => void;
  /** How one gets into it; left out or undefined where nobody has to prove anything. */
  access?(): ClusterAccess | undefined;
  stop(): Promise<void>;
}

/** The status of a studio without a cluster of its own. */
export const noCluster: ClusterStatus = { state: 'none', bootstrap: null, brokers: [] };
