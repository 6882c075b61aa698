import type { FeatureRange } from '../features/features-image.ts';

/** A broker as the cluster knows it. */
export interface BrokerRegistration {
  readonly id: number;
  /** Offset of its registration record; tells one start of the broker from the next. */
  readonly epoch: number;
  readonly incarnationId: string;
  /** Where brokers reach it: its first end point. */
  readonly host: string;
  readonly port: number;
  /** Where each of its listeners is reached. */
  readonly endPoints: readonly BrokerEndPoint[];
  readonly rack: string | null;
  /** A fenced broker leads nothing and is in no in-sync set. */
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly features: readonly FeatureRange[];
  readonly logDirs: readonly string[];
}

/** A listener of a broker, as it is advertised. */
export interface BrokerEndPoint {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Kafka's number of what it speaks. */
  readonly securityProtocol: number;
}

/** Registrations by broker id. */
export type BrokersImage = ReadonlyMap<number, BrokerRegistration>;
