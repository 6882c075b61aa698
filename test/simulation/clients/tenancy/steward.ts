import { apis } from '../../../../engine/protocol/api-keys.ts';
import { apiErrorName, errorCode } from '../errors.ts';
import type { KafkaClient } from '../kafka-client.ts';

/** Kafka's numbers. */
const acl = { topic: 2, literal: 3, all: 2, deny: 2, anyPattern: 1 } as const;
const principal = 'User:ANONYMOUS';
const host = '*';
const vaults = 4;
/** Quotas that hold back a little, and are never a reason to fail. */
const bytesMin = 20_000;
const bytesMax = 400_000;
const quotaKeys = ['producer_byte_rate', 'consumer_byte_rate'] as const;

/** Topics that nobody may see while a rule says so. They are never made. */
export const vaultNames: readonly string[] = Array.from({ length: vaults }, (_, index) => `vault-${index}`);

/** A quota's value, or null where it is taken away. */
interface QuotaChange {
  readonly clientId: string;
  readonly key: string;
  readonly value: number | null;
}

function nameOf({ clientId, key }: QuotaChange): string {
  return `${clientId} ${key}`;
}

/**
 * Sets and takes away quotas of the clients that work, and rules that deny topics to everybody; remembers what was acknowledged. What a
 * request got no clear answer for may be there as well as what was acknowledged since. In the end it takes all quotas away.
 */
export class Steward {
  readonly client: KafkaClient;
  readonly quotas = new Map<string, QuotaChange>();
  /** What was asked for without a clear answer, by quota or vault: it may still be carried out, at any time. */
  readonly pending = new Map<string, Set<number | boolean | null>>();
  /** Whether a vault is denied; not there: not known. */
  readonly denied = new Map<string, boolean>();
  isOpen = true;
  readonly #clientIds: readonly string[];
  #isBusy = false;

  /** `clientIds`: of the clients that get quotas. */
  constructor(client: KafkaClient, clientIds: readonly string[]) {
    this.client = client;
    this.#clientIds = clientIds;
  }

  get isIdle(): boolean {
    return !this.#isBusy;
  }

  start(): void {
    this.#isBusy = true;
    void this.#run().finally(() => {
      this.#isBusy = false;
    });
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (this.isOpen && !client.isStopped) {
      await client.sleep(client.random.next() * 800);
      if (client.random.next() < 0.5) await this.#changeQuota();
      else await this.#changeRule();
    }
    await this.#takeQuotasAway();
  }

  async #changeQuota(): Promise<void> {
    const { client } = this;
    const clientId = this.#clientIds[client.below(this.#clientIds.length)] ?? '';
    const key = quotaKeys[client.below(quotaKeys.length)] ?? quotaKeys[0];
    const value = client.random.next() < 0.3 ? null : bytesMin + client.below(bytesMax - bytesMin);
    await this.#setQuotas([{ clientId, key, value }], 8_000);
  }

  /** Nobody may be held back while everything has to come together: all quotas go at once, however often that has to be asked. */
  async #takeQuotasAway(): Promise<void> {
    const { client } = this;
    while (!client.isStopped) {
      const all = this.#clientIds.flatMap((clientId) => quotaKeys.map((key) => ({ clientId, key, value: null })));
      if (await this.#setQuotas(all, 2_000)) return;
      await client.sleep(100);
    }
  }

  /** Whether all of them were acknowledged. */
  async #setQuotas(changes: readonly QuotaChange[], timeoutMs: number): Promise<boolean> {
    for (const change of changes) this.quotas.delete(nameOf(change));
    const entities = [...new Set(changes.map(({ clientId }) => clientId))];
    const entries = entities.map((clientId) => ({
      entity: [{ entityType: 'client-id', entityName: clientId }],
      ops: changes
        .filter((change) => change.clientId === clientId)
        .map(({ key, value }) => ({ key, value: value ?? 0, remove: value === null })),
    }));
    const request = { entries, validateOnly: false };
    const reply = await this.client.ask(this.client.anyBroker(), apis.alterClientQuotas, request, { timeoutMs });
    const code = reply?.entries.find((entry) => entry.errorCode !== errorCode.NONE)?.errorCode ?? errorCode.NONE;
    this.#trace(
      `quotas ${changes.map((change) => `${nameOf(change)} ${change.value ?? 'none'}`).join(', ')}`,
      reply && code,
    );
    if (!reply || code !== errorCode.NONE) {
      for (const change of changes) this.#doubt(nameOf(change), change.value);
      return false;
    }
    for (const change of changes) this.quotas.set(nameOf(change), change);
    return true;
  }

  async #changeRule(): Promise<void> {
    const vault = vaultNames[this.client.below(vaults)] ?? '';
    const isDenied = this.client.random.next() < 0.6;
    this.denied.delete(vault);
    const code = isDenied ? await this.#deny(vault) : await this.#allow(vault);
    this.#trace(`${isDenied ? 'deny' : 'allow'} ${vault}`, code);
    if (code === errorCode.NONE) this.denied.set(vault, isDenied);
    else this.#doubt(vault, isDenied);
  }

  async #deny(resourceName: string): Promise<number | undefined> {
    const rule = { resourceType: acl.topic, resourceName, resourcePatternType: acl.literal, principal, host };
    const creations = [{ ...rule, operation: acl.all, permissionType: acl.deny }];
    const reply = await this.client.ask(this.client.anyBroker(), apis.createAcls, { creations }, { timeoutMs: 8_000 });
    return reply?.results[0]?.errorCode;
  }

  async #allow(resourceNameFilter: string): Promise<number | undefined> {
    const what = { resourceTypeFilter: acl.topic, resourceNameFilter, patternTypeFilter: acl.literal };
    const whom = { principalFilter: principal, hostFilter: host, operation: acl.all, permissionType: acl.deny };
    const request = { filters: [{ ...what, ...whom }] };
    const reply = await this.client.ask(this.client.anyBroker(), apis.deleteAcls, request, { timeoutMs: 8_000 });
    return reply?.filterResults[0]?.errorCode;
  }

  #doubt(name: string, value: number | boolean | null): void {
    this.pending.set(name, (this.pending.get(name) ?? new Set()).add(value));
  }

  #trace(what: string, code: number | undefined): void {
    this.client.trace(`${what}: ${code === undefined ? 'no answer' : apiErrorName(code)}`);
  }
}
