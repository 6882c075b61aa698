import type { Api } from '../../../protocol/api-keys.ts';
import { apis } from '../../../protocol/api-keys.ts';
import type { MessageInput, MessageOf, MessageSchema } from '../../../protocol/schema.ts';
import { planCreateAcls } from '../../controller/acls/create-acls.ts';
import { planDeleteAcls } from '../../controller/acls/delete-acls.ts';
import { planUnregisterBroker } from '../../controller/brokers/unregister-broker.ts';
import { planAlterConfigs } from '../../controller/configs/alter-configs.ts';
import { planIncrementalAlterConfigs } from '../../controller/configs/incremental-alter-configs.ts';
import type { ControllerView, Plan } from '../../controller/controller-view.ts';
import { planUpdateFeatures } from '../../controller/features/update-features.ts';
import { planAlterPartition } from '../../controller/partitions/alter-partition.ts';
import { planAlterReassignments } from '../../controller/partitions/alter-reassignments.ts';
import { planElectLeaders } from '../../controller/partitions/elect-leaders.ts';
import { listReassignments } from '../../controller/partitions/list-reassignments.ts';
import { planAllocateProducerIds } from '../../controller/producer-ids/allocate-producer-ids.ts';
import { planAlterClientQuotas } from '../../controller/quotas/alter-client-quotas.ts';
import { planAlterScramCredentials } from '../../controller/scram/alter-scram-credentials.ts';
import { planCreatePartitions } from '../../controller/topics/create-partitions.ts';
import { planCreateTopics } from '../../controller/topics/create-topics.ts';
import { planDeleteTopics } from '../../controller/topics/delete-topics.ts';
import type { MutationBudget } from '../../quota/controller-mutations.ts';
import type { BrokerWatch } from './broker-watch.ts';

/** What a command is planned with. */
export interface CommandContext {
  readonly view: ControllerView;
  readonly watch: BrokerWatch;
  readonly nowMs: number;
  /** What its client may change; clients from this version of the API on can be told that they may not. */
  readonly budgetFrom: (strictSinceVersion: number) => MutationBudget;
}

type Planner = (context: CommandContext, request: unknown) => Plan<unknown>;

/** Ties a planner to its API; the request and the reply have the API's types. */
function command<Req extends MessageSchema, Res extends MessageSchema>(
  api: Api<Req, Res>,
  plan: (context: CommandContext, request: MessageOf<Req>) => Plan<MessageInput<Res>>,
): readonly [number, Planner] {
  return [api.key, plan as Planner];
}

/** Every API that changes metadata, by key. */
export const controllerCommands: ReadonlyMap<number, Planner> = new Map([
  command(apis.createTopics, ({ view, budgetFrom }, request) => planCreateTopics(view, request, budgetFrom(6))),
  command(apis.deleteTopics, ({ view, budgetFrom }, request) => planDeleteTopics(view, request, budgetFrom(5))),
  command(apis.createPartitions, ({ view, budgetFrom }, request) => planCreatePartitions(view, request, budgetFrom(3))),
  command(apis.alterConfigs, ({ view }, request) => planAlterConfigs(view, request)),
  command(apis.incrementalAlterConfigs, ({ view }, request) => planIncrementalAlterConfigs(view, request)),
  command(apis.alterClientQuotas, ({ view }, request) => planAlterClientQuotas(view, request)),
  command(apis.createAcls, ({ view }, request) => planCreateAcls(view, request)),
  command(apis.deleteAcls, ({ view }, request) => planDeleteAcls(view, request)),
  command(apis.alterUserScramCredentials, ({ view }, request) => planAlterScramCredentials(view, request)),
  command(apis.updateFeatures, ({ view }, request) => planUpdateFeatures(view, request)),
  command(apis.electLeaders, ({ view }, request) => planElectLeaders(view, request)),
  command(apis.alterPartitionReassignments, ({ view }, request) => planAlterReassignments(view, request)),
  command(apis.listPartitionReassignments, ({ view }, request) => ({
    records: [],
    reply: listReassignments(view.image, request),
  })),
  command(apis.unregisterBroker, ({ view }, request) => planUnregisterBroker(view, request)),
  command(apis.alterPartition, ({ view }, request) => planAlterPartition(view, request)),
  command(apis.allocateProducerIds, ({ view }, request) => planAllocateProducerIds(view, request)),
  command(apis.brokerRegistration, ({ view, watch, nowMs }, request) => watch.planRegistration(view, request, nowMs)),
  command(apis.brokerHeartbeat, ({ view, watch, nowMs }, request) => watch.planHeartbeat(view, request, nowMs)),
]);
