import type { FeatureRange } from '../features/features-image.ts';

/** A broker as the cluster knows it. */
export interface BrokerRegistration {
  readonly id: number;
  /** Offset of its registration record; tells one start of the broker from the next. */
  readonly epoch: number;
  readonly incarnationId: string;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
  /** A fenced broker leads nothing and is in no in-sync set. */
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly features: readonly FeatureRange[];
  readonly logDirs: readonly string[];
}

/** Registrations by broker id. */
export type BrokersImage = ReadonlyMap<number, BrokerRegistration>;
