import { describe } from 'vitest';
import { plays } from './testing/plays.ts';

describe('called processes', () => {
  plays(
    [
      [
        'J23 a called process runs in the job of its caller, which goes on behind it',
        'start -> call; call -> last; call:process = "sub"; call.n = start.n',
        [
          ['start {"n":1}', 'begin call begin, run one, done begin'],
          ['one', 'run two'],
          ['two', 'run last, done call'],
        ],
      ],
      [
        'J23 a failure in a called process is that of the call',
        'start -> call; call !> fix; call:process = "sub"; call.n = 1',
        [
          ['start', 'begin call begin, run one, done begin'],
          ['one!', 'run fix, done call!'],
        ],
      ],
      [
        'J23 the process may be named by data',
        'start -> call; call.processName = start.which; call.n = 1',
        [['start {"which":"sub"}', 'begin call begin, run one, done begin']],
      ],
      [
        'J23 a name that is none fails the call',
        'start -> call; call !> fix; call.processName = start.which',
        [['start {"which":"nobody"}', 'begin call, run fix, done call!']],
      ],
      [
        'J23 what goes in must be what the process declares',
        'start -> call; call !> fix; call:process = "sub"; call.n = "text"',
        [['start', 'begin call, run fix, done call!']],
      ],
      [
        'J23 a process that calls itself ends at the depth that is allowed',
        'start -> call; call !> fix; call:process = "again"',
        [['start', `begin call${' begin call'.repeat(64)}, run fix, done${' begin'.repeat(64)}${' call!'.repeat(65)}`]],
      ],
      [
        'J25 a return ends the called process, and gives its output',
        'start -> call; call -> last; call:process = "returns"',
        [
          ['start', 'begin call begin, run one slow, done begin'],
          ['one', 'begin return, run last, cancel slow, done return call'],
        ],
      ],
      [
        'J25 a return out of a scope, as the last thing of its caller, ends that too',
        'start -> s; s -> last; s[call]; call:process = "deep"',
        [
          ['start', 'begin s call begin s, run one, done begin'],
          ['one', 'begin return, run last, cancel s, done return call s'],
        ],
      ],
      [
        'J25 what comes out must be what the process declares',
        'start -> call; call !> fix; call:process = "returnsWrong"',
        [
          ['start', 'begin call begin, run one, done begin'],
          ['one', 'begin return, run fix, done return call!'],
        ],
      ],
      [
        'J24 an exit in a called process ends the whole job',
        'start -> call; start -> side; call:process = "exits"',
        [
          ['start', 'begin call begin, run side one, done begin'],
          ['one', 'begin exit, cancel call side, done exit, end'],
        ],
      ],
      [
        'J24 an exit in a scope ends the job well, and gives up what is under way',
        'start -> s; start -> side; s[a exit]; a -> exit',
        [
          ['start', 'begin s, run side a'],
          ['a', 'begin exit, cancel s side, done exit, end'],
        ],
      ],
      [
        'J25 a return at the top ends the job',
        'start -> a; start -> side; a -> return',
        [
          ['start', 'run a side'],
          ['a', 'begin return, cancel side, done return, end'],
        ],
      ],
    ],
    {
      sub: 'begin -> one; one -> two; begin:input = {"n":"number"}',
      again: 'begin -> call; call:process = "again"',
      returns: 'begin -> one; begin -> slow; one -> return; return.x = 1',
      returnsWrong: 'begin -> one; one -> return; return.x = "a"; begin:output = {"x":"number"}',
      deep: 'begin -> s; s[one return]; one -> return',
      exits: 'begin -> one; one -> exit',
    },
  );
});

describe('pick, critical sections and compensation', () => {
  plays([
    [
      'J26 the event that comes first goes on, the others are given up',
      'start -> pick; pick -> last; pick[a b next other]; a -> next; b -> other',
      [
        ['start', 'begin pick, run a b'],
        ['b', 'run other, cancel a, skip next'],
        ['other', 'run last, done pick'],
      ],
    ],
    [
      'J26 a whole scope may be an event',
      'start -> pick; pick[s b]; s[a]; b -> c; pick[s b c]',
      [
        ['start', 'begin pick s, run b a'],
        ['b', 'run c, cancel a s'],
        ['c', 'done pick, end'],
      ],
    ],
    [
      'J26 an event that fails has come, and its error transition counts',
      'start -> pick; pick[a b fix]; a !> fix',
      [
        ['start', 'begin pick, run a b'],
        ['a!', 'run fix, cancel b'],
        ['fix', 'done pick, end'],
      ],
    ],
    [
      'J27 a critical section begins when it has its lock',
      'start -> lock; lock -> last; lock[a]',
      [
        ['start', 'begin lock, run a'],
        ['a', 'run last, done lock'],
      ],
    ],
    [
      'J27 a section in one with the same lock has it already',
      'start -> lock1; lock1[lock2]; lock2[a]',
      [
        ['start', 'begin lock1 lock2, run a'],
        ['a', 'done lock2 lock1, end'],
      ],
    ],
    [
      'J28 what has completed is undone, the last first',
      `start -> s; s[x y boom catch compensate]; x -> y; y -> boom; catch -> compensate
       x[bookX undo1 cancelX]; undo1 -> cancelX; y[bookY undo2 cancelY]; undo2 -> cancelY`,
      [
        ['start', 'begin s x, run bookX'],
        ['bookX', 'begin y, run bookY, done x'],
        ['bookY', 'run boom, done y'],
        ['boom!', 'begin catch compensate undo2, run cancelY, done catch undo2'],
        ['cancelY', 'begin undo1, run cancelX, done undo1'],
        ['cancelX', 'done compensate s, end'],
      ],
    ],
    [
      'J28 what has not completed is not undone',
      `start -> s; s[x catch compensate]; catch -> compensate; x[bookX undo cancelX]; undo -> cancelX`,
      [
        ['start', 'begin s x, run bookX'],
        ['bookX!', 'begin catch compensate, done x! catch compensate s, end'],
      ],
    ],
    [
      'J28 a compensation with nothing behind it has undone the scope by being there',
      `start -> s; s[x boom catch compensate]; x -> boom; catch -> compensate; x[book undo]`,
      [
        ['start', 'begin s x, run book'],
        ['book', 'run boom, done x'],
        ['boom!', 'begin catch compensate undo, done catch undo compensate s, end'],
      ],
    ],
    [
      'J28 a compensation that fails fails the Compensate',
      `start -> s; s !> fix; s[x boom catch compensate]; x -> boom; catch -> compensate; x[book undo cancel]; undo -> cancel`,
      [
        ['start', 'begin s x, run book'],
        ['book', 'run boom, done x'],
        ['boom!', 'begin catch compensate undo, run cancel, done catch undo'],
        ['cancel!', 'run fix, done compensate! s!'],
      ],
    ],
    [
      'J28 what is in a scope without a compensation is undone with the scope around it',
      `start -> s; s[deep boom catch compensate]; deep[x]; deep -> boom; catch -> compensate; x[book undo cancel]; undo -> cancel`,
      [
        ['start', 'begin s deep x, run book'],
        ['book', 'run boom, done x deep'],
        ['boom!', 'begin catch compensate undo, run cancel, done catch undo'],
        ['cancel', 'done compensate s, end'],
      ],
    ],
    [
      'J28 J29 rounds of a loop are undone one by one, the last first',
      `start -> s; s[each boom catch compensate]; each -> boom; catch -> compensate; each.items = [1, 2]; each[book undo cancel]; undo -> cancel`,
      [
        ['start', 'begin s each, run book'],
        ['book', 'run book'],
        ['book', 'run boom, done each'],
        ['boom!', 'begin catch compensate undo, run cancel, done catch undo'],
        ['cancel', 'begin undo, run cancel, done undo'],
        ['cancel', 'done compensate s, end'],
      ],
    ],
  ]);
});
