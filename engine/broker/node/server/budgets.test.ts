import { describe, expect, it } from 'vitest';
import { RequestBudget } from './request-budget.ts';
import { ResponseBudget } from './response-budget.ts';

class Client {
  bufferedBytes = 0;
  wentOn = 0;
  cuts: string[] = [];
  goOn = () => {
    this.wentOn++;
  };
  cut = (reason: string) => {
    this.cuts.push(reason);
  };
}

const clients = (count: number) => Array.from({ length: count }, () => new Client());

describe('RequestBudget', () => {
  it('reads on only the oldest request above the bound, and gives each its turn', () => {
    const budget = new RequestBudget(1_000_000, 10_000, () => 0);
    const [first, second, third] = clients(3) as [Client, Client, Client];
    expect(budget.hold(first, 500_000)).toBe(true);
    expect(budget.hold(second, 400_000)).toBe(true);
    expect(budget.hold(third, 200_000)).toBe(false);
    expect(budget.hold(second, 500_000)).toBe(false);
    expect(budget.hold(first, 900_000)).toBe(true);
    expect(budget.hold(first, 0)).toBe(true);
    expect([second.wentOn, third.wentOn]).toEqual([1, 1]);
    expect(budget.heldBytes).toBe(700_000);
    for (const client of [second, third]) budget.release(client);
    expect(budget.heldBytes).toBe(0);
  });

  it('counts small requests for nothing', () => {
    const budget = new RequestBudget(1_000, 10_000, () => 0);
    for (const client of clients(100)) expect(budget.hold(client, 60_000)).toBe(true);
    expect(budget.heldBytes).toBe(0);
  });

  it('cuts the oldest one when it brings nothing while others wait', () => {
    let nowMs = 0;
    const budget = new RequestBudget(100_000, 10_000, () => nowMs);
    const [first, second] = clients(2) as [Client, Client];
    budget.hold(first, 90_000);
    nowMs = 60_000;
    budget.check();
    expect(first.cuts).toEqual([]);
    budget.hold(second, 90_000);
    budget.check();
    expect(first.cuts).toHaveLength(1);
    budget.release(first);
    expect(second.wentOn).toBe(1);
    budget.check();
    expect(second.cuts).toEqual([]);
  });
});

describe('ResponseBudget', () => {
  it('lets a response hold half of what is left, and a batch of the usual size in any case', () => {
    const budget = new ResponseBudget(100_000_000, 30_000, () => 0);
    expect(budget.nextResponseBytesMax).toBe(50_000_000);
    for (const client of clients(20)) {
      client.bufferedBytes = Math.min(50_000_000, budget.nextResponseBytesMax);
      budget.note(client);
    }
    expect(budget.unsentBytes).toBeLessThan(120_000_000);
    expect(budget.nextResponseBytesMax).toBe(1_048_576);
  });

  it('cuts who takes nothing while memory is short, and nobody else', () => {
    let nowMs = 0;
    const budget = new ResponseBudget(1_000, 30_000, () => nowMs);
    const [idle, slow] = clients(2) as [Client, Client];
    idle.bufferedBytes = 400;
    budget.note(idle);
    nowMs = 40_000;
    budget.check();
    expect(idle.cuts).toEqual([]);
    slow.bufferedBytes = 700;
    budget.note(slow);
    expect(budget.isShort).toBe(true);
    nowMs = 60_000;
    slow.bufferedBytes = 600;
    budget.check();
    expect([idle.cuts.length, slow.cuts.length]).toEqual([1, 0]);
    budget.forget(idle);
    expect(budget.unsentBytes).toBe(600);
  });
});
