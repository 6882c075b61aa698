import type { UserRequest } from '../broker/node/supervisor/secure/first-user.ts';
import { UsageError } from './command.ts';

const form = /^(SCRAM-SHA-256|SCRAM-SHA-512)=\[(.*)\]$/s;
const iterationsMin = 4_096;
const iterationsMax = 16_384;

/** A user as `--add-scram` of Kafka's StorageTool takes it: `SCRAM-SHA-256=[name=bob,password=secret,iterations=8192]`. Throws UsageError. */
export function userOf(text: string): UserRequest {
  const [, mechanism, list = ''] = form.exec(text) ?? [];
  const fields = new Map(
    list.split(',').map((part): [string, string] => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim(), unquoted(part.slice(at + 1))];
    }),
  );
  const [name, password] = [fields.get('name'), fields.get('password')];
  const iterations = Number(fields.get('iterations') ?? iterationsMin);
  const isKnown = [...fields.keys()].every((key) => ['name', 'password', 'iterations', 'salt'].includes(key));
  if (mechanism === undefined || !name || !password || !isKnown)
    throw new UsageError('--add-scram: expected SCRAM-SHA-512=[name=bob,password=secret], found something else');
  if (!Number.isInteger(iterations) || iterations < iterationsMin || iterations > iterationsMax)
    throw new UsageError(`--add-scram: expected ${iterationsMin} to ${iterationsMax} iterations, found ${iterations}`);
  const salt = fields.get('salt');
  return {
    name,
    password,
    mechanism: mechanism as UserRequest['mechanism'],
    iterations,
    ...(salt !== undefined && { salt: Buffer.from(salt, 'base64') }),
  };
}

function unquoted(text: string): string {
  return /^"(.*)"$/s.exec(text.trim())?.[1] ?? text.trim();
}
