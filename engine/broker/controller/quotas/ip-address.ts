const v4Part = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const v4Pattern = new RegExp(`^${v4Part}(?:\\.${v4Part}){3}$`);
const v6Pattern = /^[0-9a-fA-F:]+(?::(?:\d{1,3}\.){3}\d{1,3})?$/;
const v6GroupsMax = 8;

/** Whether a text is an IPv4 or IPv6 address. Names are none: the controller asks no name server, whose answer might differ between brokers. */
export function isIpAddress(text: string): boolean {
  if (v4Pattern.test(text)) return true;
  if (!v6Pattern.test(text) || !text.includes(':') || text.includes(':::')) return false;
  const isShort = text.includes('::');
  if (isShort && text.indexOf('::') !== text.lastIndexOf('::')) return false;
  const groups = text.split(':').filter((group) => group !== '');
  const hasV4 = groups.at(-1)?.includes('.') ?? false;
  const count = groups.length + (hasV4 ? 1 : 0);
  if (groups.slice(0, hasV4 ? -1 : undefined).some((group) => group.length > 4)) return false;
  if (hasV4 && !v4Pattern.test(groups.at(-1) ?? '')) return false;
  return isShort ? count < v6GroupsMax : count === v6GroupsMax;
}
