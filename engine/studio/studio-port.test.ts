import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MillraceError } from '../base/errors.ts';
import { listenWhereBefore, preferredStudioPort, rememberedPort } from './studio-port.ts';

describe('the port of the designer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'studio-port-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const tried: number[] = [];
  const free = async (port: number) => {
    tried.push(port);
    return { port: port === 0 ? 50_123 : port };
  };
  const taken = async (port: number) => {
    if (port !== 0) throw new MillraceError('STUDIO_PORT_IN_USE', 'taken');
    return { port: 50_124 };
  };

  it('stays from one start to the next, and steps aside only while it is taken', async () => {
    expect((await listenWhereBefore(folder, free)).port).toBe(preferredStudioPort);
    writeFileSync(join(folder, 'studio-port'), '5005\n');
    expect((await listenWhereBefore(folder, free)).port).toBe(5005);
    expect((await listenWhereBefore(folder, taken)).port).toBe(50_124);
    expect(rememberedPort(folder)).toBe(5005);
  });

  it.each(['', 'abc', '-1', '70000', '1.5'])('takes the usual one when the note says %j', (note) => {
    writeFileSync(join(folder, 'studio-port'), note);
    expect(rememberedPort(folder)).toBe(preferredStudioPort);
  });

  it('passes on any other failure', async () => {
    const failing = () => Promise.reject(new MillraceError('STUDIO_LISTEN_FAILED', 'no such address'));
    await expect(listenWhereBefore(folder, failing)).rejects.toThrow('no such address');
  });
});
