import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { ownNode } from './own-node.ts';

const node = ownNode();

it.skipIf(node === undefined)('finds the Node.js that the install brought (there is none for every system)', () => {
  expect(execFileSync(String(node), ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
});
