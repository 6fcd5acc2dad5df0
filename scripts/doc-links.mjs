import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { filesBelow } from './files.mjs';

/**
 * Finds links in Markdown files that lead nowhere: to files that do not exist and to headings that
 * are not in them. Addresses on the network are not asked.
 *
 * @param root the folder that is searched
 * @returns one line per broken link: where it is and what it points to
 */
export function brokenLinks(root) {
  const problems = [];
  const headings = new Map();
  const headingsOf = (path) => {
    if (!headings.has(path)) headings.set(path, anchors(readFileSync(join(root, path), 'utf8')));
    return headings.get(path);
  };
  for (const file of filesBelow('.', root).filter((path) => path.endsWith('.md'))) {
    for (const { target, line } of linksOf(readFileSync(join(root, file), 'utf8'))) {
      const at = `${file}:${line}`;
      if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const to = path === '' ? file : posix.join(dirname(file), decodeURI(path));
      if (to.startsWith('..')) problems.push(`${at}: ${target} is outside the project.`);
      else if (!existsSync(join(root, to))) problems.push(`${at}: ${target} does not exist.`);
      else if (anchor && to.endsWith('.md') && !headingsOf(to).has(anchor)) {
        problems.push(`${at}: ${to} has no heading "#${anchor}".`);
      }
    }
  }
  return problems;
}

/** The lines of a text with those of fenced code blocks, and inline code, made blank. */
function proseLines(text) {
  let fence;
  return text.split('\n').map((line) => {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1];
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
      return '';
    }
    return fence === undefined ? line : '';
  });
}

const linkShapes = [
  /\[(?:[^\]\\]|\\.)*\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/g, // [text](target "title"), ![alt](target)
  /\]\(<?([^)\s>]+)>?\)\]\(/g, // the picture inside [![alt](target)](…)
  /^\s*\[[^\]]+\]:\s*<?([^\s>]+)>?/g, // [name]: target
  /\b(?:src|href)="([^"]+)"/g,
];

function linksOf(text) {
  return proseLines(text).flatMap((line, index) => {
    const prose = line.replace(/`[^`]*`/g, (code) => ' '.repeat(code.length));
    const targets = linkShapes.flatMap((shape) => [...prose.matchAll(shape)].map((hit) => hit[1]));
    return [...new Set(targets)].map((target) => ({ target, line: index + 1 }));
  });
}

/** The anchors GitHub gives the headings of a text, and those written by hand. */
function anchors(text) {
  const found = new Set();
  for (const line of proseLines(text)) {
    for (const [, id] of line.matchAll(/<a (?:id|name)="([^"]+)"/g)) found.add(id);
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let name = slug;
    for (let copy = 1; found.has(name); copy += 1) name = `${slug}-${copy}`;
    found.add(name);
  }
  return found;
}
