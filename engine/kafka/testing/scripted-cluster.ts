import { silentLog } from '../../base/log.ts';
import type { Dialer, FrameConnection } from '../../base/net.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import type { Api } from '../../protocol/api-keys.ts';
import { apiOf, apis } from '../../protocol/api-keys.ts';
import { clientApis } from '../../protocol/client-apis.ts';
import { decode } from '../../protocol/codec.ts';
import { decodeRequestHeader, encodeResponseFrame } from '../../protocol/frame.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../protocol/schema.ts';
import { inVersions } from '../../protocol/versions.ts';
import type { KafkaConnectionSettings } from '../connection.ts';
import { KafkaConnection } from '../connection.ts';

/** One request that a scripted broker got. */
export interface SeenRequest {
  readonly broker: number;
  readonly api: Api;
  readonly version: number;
  readonly body: unknown;
  readonly clientId: string | null;
}

/** What a script says to a request: an answer, 'close' the connection, or 'silence'. */
export type Said<Res extends MessageSchema> = MessageInput<Res> | 'close' | 'silence';
type Script = (request: SeenRequest) => Said<MessageSchema> | undefined;

const served: readonly Api[] = [
  ...Object.values(apis).filter(({ audience }) => audience === 'client'),
  ...Object.values(clientApis),
];
const firstPort = 9_001;
const sizeFieldBytes = 4;

/**
 * A cluster in memory for unit tests: brokers answer by scripts, on a clock that the test moves. The latest script for an API is
 * asked first; one that gives undefined leaves the request to the one before. Brokers that are down refuse connections.
 */
export class ScriptedCluster {
  readonly clock = new ManualClock();
  readonly seen: SeenRequest[] = [];
  readonly brokers: number[];
  /** Versions that brokers announce, where they are not all that we speak. */
  readonly versions = new Map<number, { readonly min: number; readonly max: number }>();
  /** Features that the cluster has agreed on, by name. */
  readonly features = new Map<string, number>();
  /** One-way time of a frame. */
  latencyMs = 1;
  readonly #down = new Set<number>();
  readonly #scripts = new Map<number, Script[]>();
  readonly #open = new Map<number, Set<MemoryConnection>>();

  constructor(brokers = 1) {
    this.brokers = Array.from({ length: brokers }, (_, index) => index + 1);
    this.on(apis.apiVersions, ({ version }) => ({
      errorCode: version > apis.apiVersions.versionMax ? 35 : 0,
      apiKeys: served.map((api) => ({
        apiKey: api.key,
        minVersion: this.versions.get(api.key)?.min ?? api.versionMin,
        maxVersion: this.versions.get(api.key)?.max ?? api.advertisedMax,
      })),
      finalizedFeaturesEpoch: 1,
      finalizedFeatures: [...this.features].map(([name, level]) => ({
        name,
        maxVersionLevel: level,
        minVersionLevel: level,
      })),
    }));
  }

  /** A connection to this cluster; all brokers are bootstrap servers unless said otherwise. */
  connection(settings: Partial<KafkaConnectionSettings> = {}, seed = 1): KafkaConnection {
    const bootstrapServers = this.brokers.map((id) => this.addressOf(id)).join(',');
    const host = { clock: this.clock, random: new SeededRandom(seed), log: silentLog, dialer: this.dialer };
    return new KafkaConnection({ name: 'test', transport: 'tcp', bootstrapServers, ...settings }, host);
  }

  addressOf(broker: number): string {
    return `broker-${broker}:${firstPort + broker}`;
  }

  portOf(broker: number): number {
    return firstPort + broker;
  }

  on<Req extends MessageSchema, Res extends MessageSchema>(
    api: Api<Req, Res>,
    script: (request: SeenRequest & { readonly body: MessageOf<Req> }) => Said<Res> | undefined,
  ): void {
    const scripts = this.#scripts.get(api.key) ?? [];
    scripts.unshift(script as Script);
    this.#scripts.set(api.key, scripts);
  }

  /** Requests of one API so far. */
  requests<Req extends MessageSchema>(api: Api<Req>): (SeenRequest & { readonly body: MessageOf<Req> })[] {
    return this.seen.filter((request) => request.api.key === api.key) as (SeenRequest & { body: MessageOf<Req> })[];
  }

  /** Kills a broker: its connections break and new ones are refused. */
  down(broker: number): void {
    this.#down.add(broker);
    this.drop(broker);
  }

  up(broker: number): void {
    this.#down.delete(broker);
  }

  isDown(broker: number): boolean {
    return this.#down.has(broker);
  }

  /** Breaks every connection to a broker. */
  drop(broker: number): void {
    for (const connection of [...(this.#open.get(broker) ?? [])]) connection.break('connection reset');
  }

  /** Lets time pass, with everything that happens in it. */
  async run(durationMs: number): Promise<void> {
    const end = this.clock.monotonic() + durationMs;
    for (;;) {
      await turn();
      const due = this.clock.nextDueMs;
      if (due === undefined || due > end) break;
      this.clock.step();
    }
    this.clock.advance(end - this.clock.monotonic());
    await turn();
  }

  /** Lets time pass until a condition holds; throws when it does not within `waitMsMax`. */
  async until(what: string, condition: () => boolean, waitMsMax = 600_000): Promise<void> {
    const end = this.clock.monotonic() + waitMsMax;
    for (;;) {
      await turn();
      if (condition()) return;
      const due = this.clock.nextDueMs;
      if (due === undefined || due > end) throw new Error(`${what}: not within ${waitMsMax} ms`);
      this.clock.step();
    }
  }

  get dialer(): Dialer {
    return {
      dial: (host, port) => {
        const broker = port - firstPort;
        const connection = new MemoryConnection(this, broker, `${host}:${port}`);
        const isThere = this.brokers.includes(broker) && !this.#down.has(broker);
        if (!isThere) {
          this.clock.after(this.latencyMs, () => connection.break(`connect ECONNREFUSED ${host}:${port}`));
          return connection;
        }
        const open = this.#open.get(broker) ?? new Set();
        this.#open.set(broker, open.add(connection));
        return connection;
      },
    };
  }

  closed(broker: number, connection: MemoryConnection): void {
    this.#open.get(broker)?.delete(connection);
  }

  /** A broker's work: decode, ask the scripts, encode. */
  handle(broker: number, frame: Buffer, connection: MemoryConnection): void {
    const { apiKey, apiVersion, correlationId, clientId, bodyOffset } = headerOf(frame);
    const api = apiOf(apiKey) ?? served.find(({ key }) => key === apiKey)!;
    const body = decode(api.request, apiVersion, frame, bodyOffset);
    const request = { broker, api, version: apiVersion, body, clientId };
    this.seen.push(request);
    for (const script of this.#scripts.get(apiKey) ?? []) {
      const said = script(request);
      if (said === undefined) continue;
      if (said === 'silence') return;
      if (said === 'close') connection.break('closed by the script');
      else {
        // A version that is refused is answered in version 0 (KIP-511).
        const isRefused = api.key === apis.apiVersions.key && (said as { errorCode?: number }).errorCode === 35;
        const chunks = encodeResponseFrame(api.response, isRefused ? 0 : apiVersion, correlationId, said);
        connection.answer(Buffer.concat(chunks).subarray(sizeFieldBytes));
      }
      return;
    }
    throw new Error(`no script for ${api.name}`);
  }
}

/** The client's own APIs are not in the table of what is served, which the header's version is taken from. */
function headerOf(frame: Buffer) {
  const key = frame.readInt16BE(0);
  const version = frame.readInt16BE(2);
  const header = decodeRequestHeader(frame);
  const api = Object.values(clientApis).find((each) => each.key === key);
  const isTagged = api !== undefined && inVersions(api.request.flexible, version);
  return isTagged && header.headerVersion < 2 ? { ...header, bodyOffset: header.bodyOffset + 1 } : header;
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

class MemoryConnection implements FrameConnection {
  readonly isPeer = false;
  readonly remoteAddress: string;
  readonly bufferedBytes = 0;
  onFrame: (frame: Buffer) => void = () => {};
  onClose: (reason: string) => void = () => {};
  readonly #cluster: ScriptedCluster;
  readonly #broker: number;
  #isClosed = false;

  constructor(cluster: ScriptedCluster, broker: number, address: string) {
    this.#cluster = cluster;
    this.#broker = broker;
    this.remoteAddress = address;
  }

  send(chunks: readonly Uint8Array[]): void {
    const frame = Buffer.concat(chunks);
    this.#cluster.clock.after(this.#cluster.latencyMs, () => {
      if (!this.#isClosed && !this.#cluster.isDown(this.#broker)) this.#cluster.handle(this.#broker, frame, this);
    });
  }

  answer(frame: Buffer): void {
    this.#cluster.clock.after(this.#cluster.latencyMs, () => {
      if (!this.#isClosed) this.onFrame(frame);
    });
  }

  pause(): void {}
  resume(): void {}

  close(): void {
    this.break('closed by the client');
  }

  break(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cluster.closed(this.#broker, this);
    this.onClose(reason);
  }
}
