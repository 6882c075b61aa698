import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const packageInPath = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const noticeFile = /^(licen[cs]e|copying|notice|third-?party-?notices)/i;

/** Knows which packages a build has taken in, and writes what their licences ask to be said of them. */
export class ThirdPartyNotices {
  readonly #folders = new Set<string>();

  /** A plugin for rolldown and Vite that notes every module. */
  readonly plugin = {
    name: 'third-party-notices',
    moduleParsed: ({ id }: { readonly id: string }): void => this.note(id),
  };

  /** Notes the package of a file, if it is in one. */
  note(file: string): void {
    const folder = packageInPath.exec(file.replaceAll('\\', '/').replace(/^\0/, ''))?.[1];
    if (folder !== undefined && existsSync(join(folder, 'package.json'))) this.#folders.add(folder);
  }

  /** Names of the packages. */
  get packages(): readonly string[] {
    return this.#sections().map(({ name }) => name);
  }

  /** The text of THIRD-PARTY-NOTICES. Throws when a package says nothing of its licence: somebody has to look at it. */
  text(): string {
    const rule = '-'.repeat(80);
    const head = 'Millrace is made with these packages, whose code is in it. Their licences and notices follow.\n';
    return [head, ...this.#sections().map(({ text }) => text)].join(`\n${rule}\n\n`);
  }

  #sections(): { readonly name: string; readonly text: string }[] {
    const sections = new Map<string, string>();
    for (const folder of this.#folders) {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        readonly name?: string;
        readonly version?: string;
        readonly license?: string;
      };
      // Some packages have folders with a package.json of their own for module kinds.
      if (name === undefined || version === undefined) continue;
      if (typeof license !== 'string') throw new Error(`expected a licence in ${folder}/package.json, found none`);
      const files = readdirSync(folder)
        .filter((file) => noticeFile.test(file))
        .sort();
      const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
      sections.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`);
    }
    return [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, text]) => ({ name, text }));
  }
}
