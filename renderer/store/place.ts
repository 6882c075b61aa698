import type { BrowsePlace, MessageFilter } from './browse-place.ts';
import { emptyBrowse, newestMessages } from './browse-place.ts';

/** A place in the designer that can be linked to: it survives a reload and works as a bookmark. */
export interface Place {
  readonly project: string | null;
  readonly process: string | null;
  readonly activity: string | null;
  readonly view: 'design' | 'topics';
  readonly browse: BrowsePlace;
}

/** The place as the fragment of an address, without `#`: the browser sends it to no server. */
export function writePlace({ project, process, activity, view, browse }: Place): string {
  const fields: [string, string | number | null | undefined][] = [
    ['project', project],
    ['process', process],
    ['activity', activity],
  ];
  if (view === 'topics') {
    const { connection, topic, filter, message } = browse;
    fields.push(['view', 'topics'], ['connection', connection], ['topic', topic], ['partition', filter.partition]);
    if (filter.at !== 'newest') fields.push(['from', filter.at]);
    if (filter.at === 'offset') fields.push(['offset', filter.offset]);
    if (filter.at === 'time') fields.push(['time', filter.timestampMs]);
    if (filter.limit !== newestMessages.limit) fields.push(['limit', filter.limit]);
    fields.push(['message', message]);
  }
  const given = fields.filter(([, value]) => value !== null && value !== undefined && value !== '');
  return new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
}

/** Reads a fragment; fields that are missing or make no sense are as in a new window. */
export function readPlace(fragment: string): Place {
  const fields = new URLSearchParams(fragment);
  return {
    project: fields.get('project'),
    process: fields.get('process'),
    activity: fields.get('activity'),
    view: fields.get('view') === 'topics' ? 'topics' : 'design',
    browse: {
      connection: fields.get('connection') ?? emptyBrowse.connection,
      topic: fields.get('topic'),
      filter: readFilter(fields),
      message: /^\d+-\d+$/.test(fields.get('message') ?? '') ? fields.get('message') : null,
    },
  };
}

/** Later times are no dates (ECMA-262, 21.4.1.1), ms. */
const timeMsMax = 8.64e15;

/** Messages of one page at most, as the studio takes it. */
const limitMax = 1_000;

function readFilter(fields: URLSearchParams): MessageFilter {
  const at = fields.get('from');
  const limit = wholeNumber(fields.get('limit'));
  const time = wholeNumber(fields.get('time'));
  return {
    at: at === 'oldest' || at === 'offset' || at === 'time' ? at : newestMessages.at,
    offset: wholeNumber(fields.get('offset')) ?? newestMessages.offset,
    timestampMs: time === undefined || time > timeMsMax ? newestMessages.timestampMs : time,
    partition: wholeNumber(fields.get('partition')),
    limit: limit === undefined || limit < 1 || limit > limitMax ? newestMessages.limit : limit,
  };
}

function wholeNumber(text: string | null): number | undefined {
  const number = Number(text);
  return text !== null && /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}
