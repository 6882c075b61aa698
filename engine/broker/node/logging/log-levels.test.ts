import { expect, it } from 'vitest';
import { LogLevels, leveledLog } from './log-levels.ts';

it('says of each part what its logger lets through, as that changes', () => {
  const lines: string[] = [];
  const levels = new LogLevels('info');
  const log = leveledLog(
    (level, message, fields) => lines.push(`${level} ${message} ${fields.broker}`),
    { broker: 1 },
    levels,
  );
  const quorum = log.with({ part: 'quorum' }).with({ epoch: 3 });
  const saysOf = (what: () => void) => {
    lines.length = 0;
    what();
    return [...lines];
  };
  const both = () => {
    log.debug('a');
    quorum.debug('b');
    quorum.warn('c');
  };
  expect(saysOf(both)).toEqual(['warn c 1']);
  levels.setLevel('millrace.quorum', 'TRACE');
  expect(saysOf(both)).toEqual(['debug b 1', 'warn c 1']);
  levels.setLevel('millrace.quorum', undefined);
  levels.setLevel('root', 'DEBUG');
  expect(saysOf(both)).toEqual(['debug a 1', 'debug b 1', 'warn c 1']);
  levels.setLevel('millrace.quorum', 'ERROR');
  expect(saysOf(both)).toEqual(['debug a 1']);
  expect(Object.fromEntries(levels.levels())).toEqual({
    root: 'DEBUG',
    'millrace.quorum': 'ERROR',
    'millrace.replica': 'DEBUG',
    'millrace.txn': 'DEBUG',
  });
});
