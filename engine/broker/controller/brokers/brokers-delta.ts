import { assert } from '../../../base/assert.ts';
import type { RecordValue } from '../record-value.ts';
import type { BrokerRegistration, BrokersImage } from './brokers-image.ts';

/** What records say of brokers. */
export class BrokersDelta {
  readonly #base: BrokersImage;
  #brokers: Map<number, BrokerRegistration> | undefined;

  constructor(base: BrokersImage) {
    this.#base = base;
  }

  get isChanged(): boolean {
    return this.#brokers !== undefined;
  }

  build(): BrokersImage {
    return this.#brokers ?? this.#base;
  }

  register(record: RecordValue<'RegisterBrokerRecord'>): void {
    const endPoint = record.endPoints[0];
    assert(endPoint, `registration of broker ${record.brokerId} has an endpoint`);
    this.#writable().set(record.brokerId, {
      id: record.brokerId,
      epoch: record.brokerEpoch,
      incarnationId: record.incarnationId,
      host: endPoint.host,
      port: endPoint.port,
      endPoints: record.endPoints,
      rack: record.rack,
      fenced: record.fenced,
      inControlledShutdown: record.inControlledShutdown,
      features: record.features,
      logDirs: record.logDirs,
    });
  }

  unregister({ brokerId }: RecordValue<'UnregisterBrokerRecord'>): void {
    this.#writable().delete(brokerId);
  }

  change(record: RecordValue<'BrokerRegistrationChangeRecord'>): void {
    const brokers = this.#writable();
    const broker = brokers.get(record.brokerId);
    assert(
      broker?.epoch === record.brokerEpoch,
      `broker ${record.brokerId} has epoch ${broker?.epoch}, its change record ${record.brokerEpoch}`,
    );
    brokers.set(broker.id, {
      ...broker,
      fenced: record.fenced === 0 ? broker.fenced : record.fenced > 0,
      inControlledShutdown: record.inControlledShutdown === 0 ? broker.inControlledShutdown : true,
    });
  }

  #writable(): Map<number, BrokerRegistration> {
    this.#brokers ??= new Map(this.#base);
    return this.#brokers;
  }
}
