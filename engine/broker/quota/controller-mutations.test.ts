import { expect, it } from 'vitest';
import { ControllerMutations } from './controller-mutations.ts';
import { entityText } from './quota-entity.ts';

const table = new Map([[entityText({ user: 'u' }), { values: new Map([['controller_mutation_rate', 1]]) }]]);
const client = { user: 'u', clientId: 'c' };

/** Budgets of requests at one a second, eleven seconds' worth at most; times and answers as Apache Kafka 4.4.0 had them. */
function bench() {
  const mutations = new ControllerMutations(11);
  return (nowMs: number, isStrict: boolean, ...rows: number[]) => {
    const budget = mutations.budgetOf(table, client, isStrict, nowMs);
    return { done: rows.map((partitions) => budget.take(partitions)), throttleTimeMs: budget.throttleTimeMs };
  };
}

it('does a strict request while anything is left, and refuses each row after', () => {
  const ask = bench();
  expect(ask(0, true, 15)).toEqual({ done: [true], throttleTimeMs: 0 });
  expect(ask(46, true, 1)).toEqual({ done: [false], throttleTimeMs: 3_954 });
  expect(ask(4_006, true, 1)).toEqual({ done: [true], throttleTimeMs: 0 });
  expect(ask(4_012, true, 1, 1, 1)).toEqual({ done: [false, false, false], throttleTimeMs: 988 });
});

it('does any other request, and lets it wait for what is missing', () => {
  const ask = bench();
  expect(ask(0, true, 15)).toEqual({ done: [true], throttleTimeMs: 0 });
  expect(ask(65, false, 13)).toEqual({ done: [true], throttleTimeMs: 16_935 });
});

it('limits nobody who has no quota, nor the brokers themselves', () => {
  const mutations = new ControllerMutations(11);
  for (const who of [undefined, { user: 'else', clientId: 'c' }]) {
    const budget = mutations.budgetOf(table, who, true, 0);
    expect([budget.take(1e6), budget.take(1e6), budget.throttleTimeMs]).toEqual([true, true, 0]);
  }
});
