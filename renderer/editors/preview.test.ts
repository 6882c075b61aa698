import { describe, expect, it } from 'vitest';
import { catalog } from '../../palette/catalog.ts';
import { sampleContext, sampleProject } from '../../test/kit/designer/sample-project.ts';
import { setInput } from '../edits/change-activity.ts';
import { dataRows } from './data-rows.ts';
import { evaluatePreview } from './evaluate-preview.ts';
import { refreshMappers } from './preview-context.ts';
import { enrichType, typeName, typeOfValue } from './value-types.ts';

const id = 'triage-quakes';

describe('a preview', () => {
  it('gives the value on the sample', async () => {
    const result = await evaluatePreview('receive.value.properties.mag * 2', sampleContext);
    expect(result).toEqual({ kind: 'value', value: 11.2 });
  });

  it('tells nothing from an error', async () => {
    expect(await evaluatePreview('receive.nowhere', sampleContext)).toEqual({ kind: 'nothing' });
    expect((await evaluatePreview('receive.(', sampleContext)).kind).toBe('error');
    expect((await evaluatePreview('receive.key + 1', sampleContext)).kind).toBe('error');
  });

  it('follows an edit of a mapper further up, without a run', async () => {
    const edited = setInput(id, 'map', 'magnitude', 'receive.value.properties.mag + 1')(sampleProject);
    const process = edited.processes[id]!;
    const place = { process, activity: 'send', palette: catalog, withOwnOutput: false };
    const context = await refreshMappers({ ...sampleContext, map: undefined }, place, evaluatePreview);
    expect(context.map).toMatchObject({ magnitude: 6.6, place: 'Hihifo, Tonga', depthKm: 35.4 });
  });
});

describe('the data tree', () => {
  const scope = enrichType(
    { type: 'object', properties: { receive: { type: 'any' }, job: { type: 'object', properties: {} } } },
    sampleContext,
  );

  it('shows what the sample holds where nothing was declared', () => {
    const rows = dataRows(scope, sampleContext, new Set(['receive', 'receive.value', 'receive.value.properties']));
    const magnitude = rows.find((row) => row.path === 'receive.value.properties.mag');
    expect(magnitude).toMatchObject({ type: 'number', sample: '5.6', depth: 3 });
  });

  it('lists the items of a short list of plain values', () => {
    const path = 'receive.value.geometry.coordinates';
    const rows = dataRows(scope, sampleContext, new Set(['receive', 'receive.value', 'receive.value.geometry', path]));
    expect(rows.filter((row) => row.path.startsWith(`${path}[`)).map((row) => row.sample)).toEqual([
      '-174.12',
      '-16.27',
      '35.4',
    ]);
  });

  it('quotes names that are no identifiers, and reads through lists of objects', () => {
    const sample = { a: { 'two words': 1, list: [{ x: 1 }] } };
    const rows = dataRows(typeOfValue(sample), sample, new Set(['a', 'a.list']));
    expect(rows.map((row) => row.path)).toEqual(['a', 'a.`two words`', 'a.list', 'a.list.x']);
  });

  it('names types in words', () => {
    expect(typeName(typeOfValue(['a']))).toBe('list of texts');
    expect(typeName(typeOfValue(true))).toBe('true or false');
    expect(typeName(typeOfValue({}))).toBe('object');
  });
});
