import { expect, it } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import type { MutationBudget } from '../../quota/controller-mutations.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planCreatePartitions } from './create-partitions.ts';
import { planCreateTopics } from './create-topics.ts';
import { planDeleteTopics } from './delete-topics.ts';

/** A budget of so many requests, which notes what they take. */
function budgetOf(requests: number) {
  const taken: number[] = [];
  const take = (partitions: number) => taken.length < requests && taken.push(partitions) > 0;
  const budget: MutationBudget = { take, throttleTimeMs: 17 };
  return { taken, budget };
}

function topic(name: string, numPartitions: number) {
  return { name, numPartitions, replicationFactor: 1, assignments: [], configs: [] };
}

function started(): TestController {
  const controller = new TestController().start(1);
  const topics = [topic('orders', 3), topic('bills', 2)];
  controller.run(planCreateTopics(controller.view, { topics, timeoutMs: 1, validateOnly: false }));
  return controller;
}

it('charges created topics their partitions, in order, also when they are only validated; a refused one nothing', () => {
  const controller = started();
  for (const validateOnly of [true, false]) {
    const { taken, budget } = budgetOf(2);
    const topics = [topic('orders', 9), topic('a', 4), topic('b', 5), topic('c', 6)];
    const plan = planCreateTopics(controller.view, { topics, timeoutMs: 1, validateOnly }, budget);
    expect(taken).toEqual([4, 5]);
    expect(plan.reply.throttleTimeMs).toBe(17);
    expect(plan.reply.topics?.map((row) => [errorName(row.errorCode), row.errorMessage])).toEqual([
      ['TOPIC_ALREADY_EXISTS', "Topic 'orders' already exists."],
      ['NONE', null],
      ['NONE', null],
      ['THROTTLING_QUOTA_EXCEEDED', null],
    ]);
  }
});

it('charges deleted topics their partitions, and new partitions as such', () => {
  const controller = started();
  const deleting = budgetOf(1);
  const names = { topics: [], topicNames: ['nosuch', 'orders', 'bills'], timeoutMs: 1 };
  const deleted = planDeleteTopics(controller.view, names, deleting.budget);
  expect(deleting.taken).toEqual([3]);
  expect(deleted.records).toHaveLength(1);
  expect(deleted.reply.responses.map((row) => errorName(row.errorCode))).toEqual([
    'UNKNOWN_TOPIC_OR_PARTITION',
    'NONE',
    'THROTTLING_QUOTA_EXCEEDED',
  ]);
  const growing = budgetOf(1);
  const topics = ['orders', 'bills'].map((name) => ({ name, count: 10, assignments: null }));
  const grown = planCreatePartitions(controller.view, { topics, timeoutMs: 1, validateOnly: false }, growing.budget);
  expect(growing.taken).toEqual([7]);
  expect(grown.records).toHaveLength(7);
  expect(grown.reply.results.map((row) => errorName(row.errorCode))).toEqual(['NONE', 'THROTTLING_QUOTA_EXCEEDED']);
});
