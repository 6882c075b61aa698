import { MillraceError } from '../../base/errors.ts';

/** One login module of Kafka's `sasl.jaas.config`. */
export interface JaasLogin {
  /** The class without its package: `ScramLoginModule`. */
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s"'=;]+)|([=;]))/gy;
const flags = ['required', 'requisite', 'sufficient', 'optional'];

function refusal(found: string): MillraceError {
  return new MillraceError(
    'CLIENT_PROPERTY_INVALID',
    `sasl.jaas.config: expected a login module, required, options as name="value" and a semicolon, found ${found}`,
  );
}

/**
 * Reads `<class> required name="value" ...;`, the form of Java's login configuration. Throws CLIENT_PROPERTY_INVALID; the
 * message never shows a value.
 */
export function parseJaasConfig(text: string): JaasLogin {
  const words = wordsOf(text);
  const [name, flag] = words;
  if (name === undefined || name.isSign) throw refusal(name ? `"${name.text}"` : 'nothing');
  if (flag === undefined || !flags.includes(flag.text.toLowerCase())) throw refusal(`no flag behind ${name.text}`);
  const options = new Map<string, string>();
  let at = 2;
  while (words[at] !== undefined && words[at]?.text !== ';') {
    const [option, sign, value] = words.slice(at, at + 3);
    if (!option || option.isSign || sign?.text !== '=' || !value || value.isSign)
      throw refusal(`no value for option ${option?.text ?? ''}`);
    options.set(option.text, value.text);
    at += 3;
  }
  if (words[at]?.text !== ';') throw refusal('no semicolon at its end');
  if (words.length > at + 1) throw refusal('a second login module');
  return { module: name.text.slice(name.text.lastIndexOf('.') + 1), options };
}

function wordsOf(text: string): { readonly text: string; readonly isSign: boolean }[] {
  const trimmed = text.trim();
  const matches = [...trimmed.matchAll(token)];
  const end = matches.reduce((sum, [whole]) => sum + whole.length, 0);
  if (end < trimmed.length) throw refusal(`a quote that does not end, at character ${end + 1}`);
  return matches.map(([, double, single, bare, sign]) => {
    const quoted = double ?? single;
    return { text: quoted?.replace(/\\(.)/g, '$1') ?? bare ?? sign ?? '', isSign: sign !== undefined };
  });
}
