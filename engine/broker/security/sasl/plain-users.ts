/** Passwords by user name. */
export type PlainUsers = ReadonlyMap<string, string>;

const userOption = /\buser_([^\s=]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g;

/**
 * The users in a JAAS configuration as Kafka writes it: `org...PlainLoginModule required user_alice="secret" user_bob="hidden";`.
 * Other options mean nothing here.
 */
export function plainUsersIn(jaasConfig: string): PlainUsers {
  return new Map(
    [...jaasConfig.matchAll(userOption)].map(([, name = '', password = '']) => [
      name,
      password.replace(/\\(.)/g, '$1'),
    ]),
  );
}
