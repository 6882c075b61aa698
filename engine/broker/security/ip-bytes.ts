const v4Form = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const groupForm = /^[0-9a-fA-F]{1,4}$/;
const v6Groups = 8;

/** The 4 or 16 bytes of an address; undefined for anything else, names among them. */
export function ipBytes(text: string): readonly number[] | undefined {
  return text.includes(':') ? v6Bytes(text) : v4Bytes(text);
}

function v4Bytes(text: string): readonly number[] | undefined {
  if (!v4Form.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  return parts.every((part) => part <= 255) ? parts : undefined;
}

function v6Bytes(text: string): readonly number[] | undefined {
  const [before = '', after, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const head = groupsOf(before);
  const tail = after === undefined ? [] : groupsOf(after);
  if (!head || !tail) return undefined;
  const missing = v6Groups - head.length - tail.length;
  if (after === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.flatMap((group) => [group >> 8, group & 255]);
}

/** Groups of hexadecimal digits; the last may be an IPv4 address, which counts for two. */
function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const v4 = v4Bytes(parts.at(-1) ?? '');
  const hex = v4 ? parts.slice(0, -1) : parts;
  if (!hex.every((part) => groupForm.test(part))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0] = v4 ?? [];
  return [...hex.map((part) => Number.parseInt(part, 16)), ...(v4 ? [a * 256 + b, c * 256 + d] : [])];
}
