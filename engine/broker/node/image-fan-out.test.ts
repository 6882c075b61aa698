import { expect, it } from 'vitest';
import { ImageDelta } from '../controller/image-delta.ts';
import { MetadataImage } from '../controller/metadata-image.ts';
import { newTopic } from '../controller/new-record.ts';
import type { ImageStep } from './image-fan-out.ts';
import { ImageFanOut } from './image-fan-out.ts';

const ids = ['AAAAAAAAAAAAAAAAAAAAAg', 'AAAAAAAAAAAAAAAAAAAAAw', 'AAAAAAAAAAAAAAAAAAAABA'];

/** A fan-out whose broker is registered from the second image on. */
function bench() {
  const heard: string[] = [];
  const hear =
    (who: string): ImageStep =>
    (before, after, change) =>
      heard.push(`${who} ${before.offset}>${after.offset} ${[...change.topics.changed].join(',')}`);
  const fanOut = new ImageFanOut({
    clusterId: 'c',
    isOwn: (image) => image.offset >= 1,
    hosts: [hear('replicas'), hear('groups')],
    watchers: [hear('metrics')],
  });
  let image = MetadataImage.empty('c');
  const commit = (topic: string) => {
    const delta = new ImageDelta(image);
    delta.apply(newTopic(topic, ids[image.offset + 1] ?? ''));
    image = delta.build(image.offset + 1, 1);
    fanOut.advance(image, delta.change());
    return heard.splice(0);
  };
  return { fanOut, commit };
}

it('tells those who host replicas nothing older than their registration, and everything with it', () => {
  const { fanOut, commit } = bench();
  expect(commit('a')).toEqual(['metrics -1>0 a']);
  expect([fanOut.image.offset, fanOut.hasApplied]).toEqual([0, false]);
  expect(commit('b')).toEqual(['replicas -1>1 a,b', 'groups -1>1 a,b', 'metrics 0>1 b']);
  expect(commit('c')).toEqual(['replicas 1>2 c', 'groups 1>2 c', 'metrics 1>2 c']);
});
