/** How one gets into a bundled cluster that is secured. Never shown and never logged. */
export interface ClusterAccess {
  /** Certificate of its authority, as PEM. */
  readonly ca: string;
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512';
  readonly username: string;
  readonly password: string;
}
