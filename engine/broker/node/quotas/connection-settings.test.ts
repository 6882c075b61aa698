import { expect, it } from 'vitest';
import { ImageDelta } from '../../controller/image-delta.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { newConfig } from '../../controller/new-record.ts';
import { connectionSettingsOf } from './connection-settings.ts';

it('puts what was set for a broker over what was set for all, and reads the numbers of addresses', () => {
  const delta = new ImageDelta(MetadataImage.empty('c'));
  delta.apply(newConfig('broker', '', 'max.connections.per.ip', '100'));
  delta.apply(newConfig('broker', '1', 'max.connections.per.ip', '7'));
  delta.apply(newConfig('broker', '', 'max.connections.per.ip.overrides', '10.0.0.1:3, ::1:9,nonsense'));
  const image = delta.build(2, 1);
  expect(connectionSettingsOf(image, 1, new Map())).toEqual({
    creationRateMax: Number.POSITIVE_INFINITY,
    perAddressMax: 7,
    addressOverrides: new Map([
      ['10.0.0.1', 3],
      ['::1', 9],
    ]),
  });
  expect(connectionSettingsOf(image, 2, new Map()).perAddressMax).toBe(100);
  const given = new Map([['max.connection.creation.rate', '5']]);
  expect(connectionSettingsOf(image, 2, given)).toMatchObject({ perAddressMax: 100, creationRateMax: 5 });
});
