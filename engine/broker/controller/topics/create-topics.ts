import { errorCode } from '../../../protocol/error-codes.ts';
import type { MetadataRecord } from '../../../protocol/metadata-record.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { CreateTopicsRequest, createTopicsResponse } from '../../../protocol/schemas/19-create-topics.ts';
import { isReservedTopicName } from '../../../protocol/system-topics.ts';
import { uuidFromRandom } from '../../../protocol/uuid.ts';
import type { MutationBudget } from '../../quota/controller-mutations.ts';
import { unlimitedBudget } from '../../quota/controller-mutations.ts';
import type { ControllerView, Plan } from '../controller-view.ts';
import { recordsPerCommandMax } from '../controller-view.ts';
import { newConfig, newPartition, newTopic } from '../new-record.ts';
import { repeatedIn } from '../repeated-names.ts';
import { planAssignments } from './assignments.ts';
import { firstRegistration } from './new-partitions.ts';
import { quotaRefusal } from './quota-refusal.ts';
import { collidingNames, collisionKey, topicNameFault } from './topic-name.ts';
import type { TopicRefusal } from './topic-refusal.ts';

type Asked = CreateTopicsRequest['topics'][number];
type Reply = MessageInput<typeof createTopicsResponse>;
type TopicReply = NonNullable<Reply['topics']>[number];

/** The request so far: names it has taken and records it has planned. */
interface Draft {
  readonly view: ControllerView;
  /** Names that others of the request may not collide with, by `collisionKey`. */
  readonly takenKeys: Map<string, string>;
  readonly records: MetadataRecord[];
  readonly budget: MutationBudget;
}

/** Creates topics, each for itself: one that is refused does not hold up the others. */
export function planCreateTopics(
  view: ControllerView,
  request: CreateTopicsRequest,
  budget: MutationBudget = unlimitedBudget,
): Plan<Reply> {
  const names = request.topics.map(({ name }) => name);
  const draft: Draft = { view, budget, takenKeys: collidingNames(names, view.image.topics.keys()), records: [] };
  const repeated = repeatedIn(names);
  const topics: TopicReply[] = [];
  for (const asked of request.topics) if (!repeated.has(asked.name)) topics.push(planOne(draft, asked));
  for (const name of repeated)
    topics.push(refusedReply(name, { code: errorCode.INVALID_REQUEST, message: 'Duplicate topic name.' }));
  return {
    records: request.validateOnly ? [] : draft.records,
    reply: { throttleTimeMs: budget.throttleTimeMs, topics },
  };
}

function planOne(draft: Draft, asked: Asked): TopicReply {
  const { view, budget, takenKeys, records } = draft;
  const fault = nameRefusal(draft, asked.name);
  if (fault) return refusedReply(asked.name, fault);
  const overrides = new Map<string, string>();
  for (const { name, value } of asked.configs) if (value !== null) overrides.set(name, value);
  const configFault = configRefusal(view, asked, overrides);
  if (configFault) return refusedReply(asked.name, configFault);
  const assignments = planAssignments(view, asked);
  if (!assignments.ok) return refusedReply(asked.name, assignments.error);
  if (records.length + recordsOf(overrides, assignments.value) > recordsPerCommandMax)
    return refusedReply(asked.name, {
      code: errorCode.POLICY_VIOLATION,
      message: `Unable to perform excessively large batch operation: more than ${recordsPerCommandMax} records.`,
    });
  if (!budget.take(assignments.value.length)) return refusedReply(asked.name, quotaRefusal);
  const planned = newRecords(view, asked.name, overrides, assignments.value);
  records.push(...planned.records);
  takenKeys.set(collisionKey(asked.name), asked.name);
  return {
    name: asked.name,
    topicId: planned.topicId,
    errorCode: errorCode.NONE,
    errorMessage: null,
    numPartitions: assignments.value.length,
    replicationFactor: assignments.value[0]?.length ?? -1,
    configs: [...view.configs.entriesOfTopic(overrides)],
  };
}

/** How many records `newRecords` makes: counted first, as a request may ask for many more topics than it gets. */
function recordsOf(overrides: ReadonlyMap<string, string>, assignments: readonly (readonly number[])[]): number {
  return 1 + overrides.size + assignments.length;
}

function newRecords(
  view: ControllerView,
  name: string,
  overrides: ReadonlyMap<string, string>,
  assignments: readonly (readonly number[])[],
) {
  const topicId = newTopicId(view);
  const records: MetadataRecord[] = [newTopic(name, topicId)];
  for (const [key, value] of overrides) records.push(newConfig('topic', name, key, value));
  for (const [index, replicas] of assignments.entries())
    records.push(newPartition(topicId, index, firstRegistration(view.image, replicas)));
  return { topicId, records };
}

/** A random id. One that begins with a dash would look like an option on a command line; Kafka avoids those too. */
function newTopicId({ random, image }: ControllerView): string {
  const attemptsMax = 100;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const id = uuidFromRandom(random.bytes(16));
    if (!id.startsWith('-') && !image.topicsById.has(id)) return id;
  }
  throw new Error(`expected a fresh topic id within ${attemptsMax} random ones`);
}

function nameRefusal({ view, takenKeys }: Draft, name: string): TopicRefusal | undefined {
  if (isReservedTopicName(name))
    return { code: errorCode.INVALID_REQUEST, message: `Creation of internal topic ${name} is prohibited.` };
  const fault = topicNameFault(name);
  if (fault) return { code: errorCode.INVALID_TOPIC_EXCEPTION, message: fault };
  if (view.image.topics.has(name))
    return { code: errorCode.TOPIC_ALREADY_EXISTS, message: `Topic '${name}' already exists.` };
  const other = takenKeys.get(collisionKey(name));
  if (other === undefined) return undefined;
  return {
    code: errorCode.INVALID_TOPIC_EXCEPTION,
    message: `Topic '${name}' collides with existing topic: ${other}`,
  };
}

function configRefusal(
  view: ControllerView,
  asked: Asked,
  overrides: ReadonlyMap<string, string>,
): TopicRefusal | undefined {
  const empty = asked.configs.find((config) => config.value === null);
  const message = empty
    ? `Null value not supported for topic configs: ${empty.name}`
    : view.configs.validate('topic', overrides);
  return message === undefined ? undefined : { code: errorCode.INVALID_CONFIG, message };
}

function refusedReply(name: string, { code, message }: TopicRefusal): TopicReply {
  return { name, errorCode: code, errorMessage: message };
}
