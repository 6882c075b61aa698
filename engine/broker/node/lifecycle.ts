import type { Cancel, Clock } from '../../base/clock.ts';
import { messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Api } from '../../protocol/api-keys.ts';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode, errorName } from '../../protocol/error-codes.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import { uuidFromRandom } from '../../protocol/uuid.ts';
import type { ControllerGateway } from '../api/controller/controller-gateway.ts';
import { registeredFeatures } from '../controller/features/supported-features.ts';
import type { BrokerConfig } from './config/broker-config.ts';
import { endPointsOf } from './config/listeners.ts';

const registrationRetryMsMin = 25;
const registrationRetryMsMax = 1_000;
/** While the broker shuts down its heartbeats are this close, as the controller needs two to let it go. */
const shutdownHeartbeatMs = 30;
/** The gateway bounds each request by itself; this much later it is given up all the same, so that no fault in it ends the heartbeats. */
const answerGraceMs = 1_000;

export interface LifecycleOptions {
  readonly config: BrokerConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly controller: ControllerGateway;
  readonly directoryId: string;
  /** Broker epoch of the last run when it ended in order, else -1: the controller then takes it out of in-sync sets (KIP-966). */
  readonly previousBrokerEpoch: number;
  /** Of a start before this one that may be registered but has touched nothing: this start goes on under its name. */
  readonly incarnationId: string | undefined;
  /** Offset of the last metadata record that this broker has applied. */
  readonly metadataOffset: () => number;
  /** Whether this broker cannot write while others could lead in its place: it asks to be fenced. */
  readonly wantFence: () => boolean;
  readonly onFatal: (error: Error) => void;
}

/**
 * Registers this start of the broker, sends heartbeats, and asks to be let go before a shutdown (KIP-631). The controller
 * fences a broker whose heartbeats stop, and unfences it once it has applied its own registration.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  /** Names this start of the broker in the metadata. */
  readonly incarnationId: string;
  #brokerEpoch = -1;
  #fenced = true;
  #cancel: Cancel = () => {};
  #cancelAnswerWait: Cancel = () => {};
  #inFlight = false;
  #retryMs = registrationRetryMsMin;
  #stopped = false;
  #wantShutDown = false;
  #letGo: (() => void) | undefined;

  constructor(options: LifecycleOptions) {
    this.#options = options;
    const own = uuidFromRandom(options.random.bytes(16));
    this.incarnationId = options.incarnationId ?? own;
  }

  /** Offset of this start's registration record, -1 before it is registered. */
  get brokerEpoch(): number {
    return this.#brokerEpoch;
  }

  /** What the last heartbeat said. */
  get isFenced(): boolean {
    return this.#fenced;
  }

  start(): void {
    this.#register();
  }

  /**
   * To be called when the metadata shows this start's registration, which can be sooner than the answer to it. From then on
   * logs are opened; a stop before the answer must know the epoch all the same, or it could leave no mark of a clean end.
   */
  sawRegistration(brokerEpoch: number): void {
    if (this.#brokerEpoch !== -1) return;
    this.#brokerEpoch = brokerEpoch;
    this.#options.log.info('registered, says the metadata', { brokerEpoch });
  }

  /** To be called when metadata was applied: a fenced broker says so at once instead of at its next heartbeat. */
  metadataAdvanced(): void {
    if (this.#brokerEpoch === -1 || !this.#fenced || this.#inFlight) return;
    if (this.#options.metadataOffset() >= this.#brokerEpoch) this.#heartbeat();
  }

  /** To be called when this broker begins or ceases to want to be fenced: the controller hears of it at once. */
  wantFenceChanged(): void {
    if (this.#brokerEpoch !== -1 && !this.#inFlight) this.#heartbeat();
  }

  /** Asks the controller to move this broker's leaderships away; resolves when it has, or when `waitMsMax` is over. */
  shutDown(waitMsMax: number): Promise<void> {
    if (this.#brokerEpoch === -1) {
      this.stop();
      return Promise.resolve();
    }
    this.#wantShutDown = true;
    return new Promise((resolve) => {
      const cancelWait = this.#options.clock.after(waitMsMax, () => {
        this.#options.log.warn('stops although its leaderships have not all moved', { waitMsMax });
        this.#letGo?.();
      });
      this.#letGo = () => {
        this.#letGo = undefined;
        cancelWait();
        this.stop();
        resolve();
      };
      if (!this.#inFlight) this.#heartbeat();
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#cancelAnswerWait();
  }

  #register(): void {
    const { config, directoryId, previousBrokerEpoch, log } = this.#options;
    if (this.#stopped) return;
    const { brokerId, clusterId, listenerSet, rack } = config;
    const request = {
      brokerId,
      clusterId,
      incarnationId: this.incarnationId,
      listeners: endPointsOf(listenerSet),
      features: [...registeredFeatures],
      rack,
      logDirs: [directoryId],
      previousBrokerEpoch,
    };
    this.#submit(
      apis.brokerRegistration,
      request,
      ({ errorCode: code, brokerEpoch }) => {
        if (code === errorCode.INCONSISTENT_CLUSTER_ID) {
          this.#options.onFatal(new Error(`expected the cluster ${clusterId}, the controller serves another`));
          return;
        }
        if (code !== errorCode.NONE) {
          log.warn('could not register', { error: errorName(code) ?? code });
          this.#again(() => this.#register());
          return;
        }
        this.#retryMs = registrationRetryMsMin;
        this.#brokerEpoch = brokerEpoch;
        log.info('registered', { brokerEpoch });
        this.#heartbeat();
      },
      (error) => {
        log.info('no controller to register with yet', { reason: messageOf(error) });
        this.#again(() => this.#register());
      },
    );
  }

  #heartbeat(): void {
    this.#cancel();
    if (this.#stopped) return;
    const { config, metadataOffset } = this.#options;
    const request = {
      brokerId: config.brokerId,
      brokerEpoch: this.#brokerEpoch,
      currentMetadataOffset: metadataOffset(),
      wantFence: this.#options.wantFence(),
      wantShutDown: this.#wantShutDown,
    };
    this.#submit(
      apis.brokerHeartbeat,
      request,
      (reply) => this.#answered(reply, request.currentMetadataOffset, request.wantShutDown),
      (error) => {
        this.#options.log.info('no answer to a heartbeat', { reason: messageOf(error) });
        this.#again(() => this.#heartbeat());
      },
    );
  }

  /** Asks the controller; exactly one of `answered` and `failed` is called, in bounded time, unless this stops. */
  #submit<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    request: MessageInput<Req>,
    answered: (reply: MessageOf<Res>) => void,
    failed: (error: unknown) => void,
  ): void {
    const { config, controller, clock } = this.#options;
    const timeoutMs = config.settings.brokerSessionTimeoutMs;
    let isOver = false;
    const once =
      <T>(action: (value: T) => void) =>
      (value: T): void => {
        if (isOver) return;
        isOver = true;
        this.#inFlight = false;
        this.#cancelAnswerWait();
        action(value);
      };
    this.#inFlight = true;
    const giveUp = once(failed);
    this.#cancelAnswerWait = clock.after(timeoutMs + answerGraceMs, () => giveUp(new Error('no answer in time')));
    controller.submit(api, request, { timeoutMs }).then(once(answered), giveUp);
  }

  #answered(
    reply: { errorCode: number; isFenced: boolean; shouldShutDown: boolean },
    sentOffset: number,
    askedToShutDown: boolean,
  ): void {
    if (this.#stopped) return;
    if (reply.errorCode === errorCode.STALE_BROKER_EPOCH || reply.errorCode === errorCode.BROKER_ID_NOT_REGISTERED) {
      this.#options.log.warn('the controller does not know this registration any more', { epoch: this.#brokerEpoch });
      this.#fenced = true;
      this.#again(() => this.#register());
      return;
    }
    if (reply.errorCode !== errorCode.NONE) {
      this.#options.log.warn('heartbeat refused', { error: errorName(reply.errorCode) ?? reply.errorCode });
      this.#again(() => this.#heartbeat());
      return;
    }
    this.#retryMs = registrationRetryMsMin;
    if (this.#fenced && !reply.isFenced) this.#options.log.info('unfenced');
    if (!this.#fenced && reply.isFenced && !this.#wantShutDown) this.#options.log.warn('fenced by the controller');
    this.#fenced = reply.isFenced;
    if (this.#letGo && reply.shouldShutDown) {
      this.#letGo();
      return;
    }
    this.#arm(this.#nextHeartbeatMs(sentOffset, askedToShutDown));
  }

  #nextHeartbeatMs(sentOffset: number, askedToShutDown: boolean): number {
    if (this.#wantShutDown) return askedToShutDown ? shutdownHeartbeatMs : 0;
    const hasCaughtUpMeanwhile = sentOffset < this.#brokerEpoch && this.#options.metadataOffset() >= this.#brokerEpoch;
    return this.#fenced && hasCaughtUpMeanwhile ? 0 : this.#options.config.settings.brokerHeartbeatIntervalMs;
  }

  #arm(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#options.clock.after(delayMs, () => this.#heartbeat());
  }

  #again(action: () => void): void {
    if (this.#stopped) return;
    this.#cancel();
    this.#cancel = this.#options.clock.after(this.#retryMs, action);
    this.#retryMs = Math.min(this.#retryMs * 2, registrationRetryMsMax);
  }
}
