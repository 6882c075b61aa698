import { describe, expect, it } from 'vitest';
import { analyseExpression } from '../../expressions/analyse-expression.ts';
import type { DeclaredActivity } from '../activity-catalog.ts';
import type { Activity } from '../document.ts';
import { activity, catalog, goodSend, projectOf, wire } from './testing/rule-project.ts';
import { validateProject } from './validate-project.ts';

describe('a starter that handles each event exactly once', () => {
  const joins: DeclaredActivity = { ...catalog.get('t.send')!, type: 't.join', transaction: { of: 'connection' } };
  const harmless: DeclaredActivity = { ...catalog.get('t.map')!, type: 't.log', isRepeatable: true };
  const more = new Map([...catalog, ...[joins, harmless].map((each) => [each.type, each] as const)]);

  function problemsWith(delivery: string, ...behind: readonly Activity[]): readonly (string | undefined)[] {
    const exact = activity('start', 't.exact', { config: { delivery, connection: 'main' } });
    const project = projectOf(
      [exact, ...behind],
      behind.map(({ id }) => wire(`to-${id}`, 'start', id)),
    );
    return validateProject(project, { catalog: more, analyse: analyseExpression })
      .filter(({ code }) => code === 'OUTSIDE_TRANSACTION')
      .map(({ message }) => message);
  }

  it('refuses what cannot be a part of its transaction, with a clear sentence', () => {
    const outside = activity('http', 't.map');
    expect(problemsWith('exact', outside)).toEqual([
      'HTTP cannot be a part of the transaction of START, which handles each event exactly once: what it does would happen again when a job is tried again. The Log is fine, HTTP is not',
    ]);
    expect([problemsWith('least', outside), problemsWith('exact', { ...outside, disabled: true })]).toEqual([[], []]);
  });

  it('takes what joins it on the same cluster, and what does no harm twice', () => {
    const join = activity('join', 't.join', { config: goodSend, input: { value: '1' } });
    expect(problemsWith('exact', join, activity('log', 't.log'))).toEqual([]);
    const other = { ...join, config: { ...goodSend, connection: 'other' } };
    expect(problemsWith('exact', other)).toEqual([
      'JOIN uses another shared resource than START: a transaction holds what is sent to the cluster that the event came from, and nothing else',
    ]);
  });

  it('looks into processes that are called, and refuses jobs of their own', () => {
    const exact = activity('start', 't.exact', { config: { delivery: 'exact', connection: 'main' } });
    const call = (mode: string) => activity('call', 't.call', { config: { process: 'sub', mode } });
    const found = (mode: string) => {
      const project = projectOf([exact, call(mode)], [wire('a', 'start', 'call')]);
      const begin = { ...activity('begin', 't.start'), config: {} };
      const sub = {
        ...projectOf([begin, activity('http', 't.map')], [wire('b', 'begin', 'http')]).processes.p!,
        id: 'sub',
      };
      const processes = { ...project.processes, sub };
      const start: DeclaredActivity = { ...catalog.get('t.call')!, type: 't.start', construct: 'start' };
      const withStart = new Map([...more, [start.type, start] as const]);
      return validateProject({ ...project, processes }, { catalog: withStart, analyse: analyseExpression })
        .filter(({ code }) => code === 'OUTSIDE_TRANSACTION')
        .map(({ process, activity: id }) => `${process}.${id}`);
    };
    expect([found('inline'), found('spawn')]).toEqual([['sub.http'], ['p.call', 'sub.http']]);
  });
});
