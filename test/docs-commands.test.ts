import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig } from '../src/config.ts';
import { splitArguments } from '../src/media/split-arguments.ts';
import { openSource } from '../src/sources.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Snippet {
  /** `docs/guides/phone.md: framehub …` */
  readonly where: string;
  readonly text: string;
}

/** The Markdown files a reader may copy from. */
async function pages(): Promise<Snippet[]> {
  const top = (await readdir(root)).filter((name) => name.endsWith('.md'));
  // A decision is a page of its time, about how commands are written rather than for use.
  const docs = (await readdir(join(root, 'docs'), { recursive: true })).filter(
    (name) => name.endsWith('.md') && !name.startsWith('decisions'),
  );
  const files = [...top, ...docs.map((name) => join('docs', name))];
  return await Promise.all(
    files.map(async (where) => ({ where, text: await readFile(join(root, where), 'utf8') })),
  );
}

/** What is in the fenced blocks of these languages. */
function blocks({ where, text }: Snippet, languages: RegExp): Snippet[] {
  return [...text.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)].flatMap(
    ([, language = '', block = '']) => (languages.test(language) ? [{ where, text: block }] : []),
  );
}

/** The commands that begin with `framehub`, in code blocks and in running text. */
function commands(page: Snippet): Snippet[] {
  const lines = blocks(page, /^(|sh|bash|shell|console|ini)$/).flatMap(({ text }) =>
    text.replaceAll(/\\\n\s*/g, '').split('\n'),
  );
  const inline = [...page.text.matchAll(/`((?:\w+=\S+ )*framehub [^`]+)`/g)].map(
    ([, line]) => line,
  );
  return [...lines, ...inline].flatMap((line = '') => {
    const found = /^(?:\$ |ExecStart=\S+ )?((?:[A-Z_]+=\S+ )*)(?:npx )?framehub( .*)?$/.exec(
      line.trim(),
    );
    if (found === null) return [];
    return [{ where: `${page.where}: ${line.trim()}`, text: found[2]?.trim() ?? '' }];
  });
}

const checkSource = (text: string) =>
  void openSource(text, { camera: 'check', ffmpeg: 'ffmpeg', maxPictureBytes: 1e7 });

async function problemOf(argv: readonly string[], yaml?: string): Promise<string | undefined> {
  const cwd = await mkdtemp(join(tmpdir(), 'framehub-docs-'));
  try {
    if (yaml !== undefined) await writeFile(join(cwd, 'framehub.yaml'), yaml);
    await readConfig({ argv, env: {}, cwd, checkSource });
    return undefined;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } finally {
    await rm(cwd, { recursive: true });
  }
}

test('every framehub command in the docs is one that framehub takes', async () => {
  const found = (await pages()).flatMap(commands);
  expect(found.length).toBeGreaterThan(15);
  const problems: string[] = [];
  for (const { where, text } of found) {
    // A comment, a redirection or what follows a pipe is the shell's.
    const words = splitArguments(text.replace(/\s(#|>|2>|\||&).*$/, '')) ?? ['an open quote'];
    // The file it names is another machine's.
    const argv = words.filter(
      (word, index) => word !== '--config' && words[index - 1] !== '--config',
    );
    const problem = await problemOf(argv);
    if (problem !== undefined) problems.push(`${where}\n  ${problem}`);
  }
  expect(problems).toEqual([]);
});

test('every framehub.yaml in the docs is one that framehub takes', async () => {
  const found = (await pages())
    .flatMap((page) => blocks(page, /^ya?ml$/))
    .filter(({ text }) => /^cameras:/m.test(text));
  expect(found.length).toBeGreaterThan(2);
  const problems: string[] = [];
  for (const { where, text } of found) {
    const problem = await problemOf([], text);
    if (problem !== undefined) problems.push(`${where}\n  ${problem}`);
  }
  expect(problems).toEqual([]);
});
