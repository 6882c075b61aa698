import { errorCode } from '../../../protocol/error-codes.ts';
import type { BrokerRegistrationRequest } from '../../../protocol/schemas/62-broker-registration.ts';
import type { BrokerHeartbeatRequest } from '../../../protocol/schemas/63-broker-heartbeat.ts';
import { planBrokerHeartbeat } from '../../controller/brokers/broker-heartbeat.ts';
import type { BrokerSessions } from '../../controller/brokers/broker-sessions.ts';
import { freshSessions, hasValidSession, withContact } from '../../controller/brokers/broker-sessions.ts';
import type { BrokerRegistration } from '../../controller/brokers/brokers-image.ts';
import { planRegisterBroker } from '../../controller/brokers/register-broker.ts';
import type { ControllerView, Plan } from '../../controller/controller-view.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';

/** What the active controller knows of the brokers' lives, during one term. Times are monotonic milliseconds. */
export class BrokerWatch {
  readonly #timeoutMs: number;
  #sessions: BrokerSessions;
  /** Offset of the last record of a controlled shutdown, by broker epoch. */
  readonly #shutdownOffsets = new Map<number, number>();

  constructor(image: MetadataImage, timeoutMs: number, nowMs: number) {
    this.#timeoutMs = timeoutMs;
    this.#sessions = freshSessions(image.brokers.values(), nowMs);
  }

  planRegistration(view: ControllerView, request: BrokerRegistrationRequest, nowMs: number) {
    const existing = view.image.brokers.get(request.brokerId);
    const isValid = hasValidSession(this.#sessions, existing, nowMs, this.#timeoutMs);
    const plan = planRegisterBroker(view, { request, hasValidSession: isValid });
    if (plan.reply.errorCode === errorCode.NONE) this.#note(request.brokerId, plan.reply.brokerEpoch ?? -1, -1, nowMs);
    return plan;
  }

  planHeartbeat(view: ControllerView, request: BrokerHeartbeatRequest, nowMs: number) {
    const { brokerId, brokerEpoch, currentMetadataOffset } = request;
    const plan = planBrokerHeartbeat(view, {
      request,
      othersMetadataOffset: this.#othersMetadataOffset(view.image, brokerId),
      shutdownOffset: this.#shutdownOffsets.get(brokerEpoch) ?? -1,
    });
    if (plan.reply.errorCode === errorCode.NONE) this.#note(brokerId, brokerEpoch, currentMetadataOffset, nowMs);
    this.#noteShutdown(view, brokerEpoch, plan);
    return plan;
  }

  /** Unfenced brokers that have not been heard within the session time. */
  expired(image: MetadataImage, nowMs: number): BrokerRegistration[] {
    return [...image.brokers.values()].filter(
      (broker) => !broker.fenced && !hasValidSession(this.#sessions, broker, nowMs, this.#timeoutMs),
    );
  }

  /** When the next session of an unfenced broker ends; undefined when there is none. */
  nextExpiryMs(image: MetadataImage): number | undefined {
    const ends = [...image.brokers.values()].flatMap((broker) => {
      const session = broker.fenced ? undefined : this.#sessions.get(broker.id);
      return session ? session.lastContactMs + this.#timeoutMs : [];
    });
    return ends.length ? Math.min(...ends) : undefined;
  }

  /** This process was suspended for a while: nobody could be heard, so nobody is held to it. */
  forgive(pauseMs: number): void {
    this.#sessions = new Map(
      [...this.#sessions].map(([id, session]) => [id, { ...session, lastContactMs: session.lastContactMs + pauseMs }]),
    );
  }

  #note(brokerId: number, epoch: number, metadataOffset: number, nowMs: number): void {
    this.#sessions = withContact(this.#sessions, brokerId, { epoch, metadataOffset, lastContactMs: nowMs });
  }

  #noteShutdown(view: ControllerView, brokerEpoch: number, plan: Plan<unknown>): void {
    const first = plan.records[0];
    if (first?.name === 'BrokerRegistrationChangeRecord' && first.value.inControlledShutdown === 1)
      this.#shutdownOffsets.set(brokerEpoch, view.nextOffset + plan.records.length - 1);
  }

  #othersMetadataOffset(image: MetadataImage, brokerId: number): number {
    let lowest = Number.POSITIVE_INFINITY;
    for (const broker of image.brokers.values()) {
      if (broker.id === brokerId || broker.fenced) continue;
      lowest = Math.min(lowest, this.#sessions.get(broker.id)?.metadataOffset ?? -1);
    }
    return lowest;
  }
}
