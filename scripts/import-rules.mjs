import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { filesBelow } from './files.mjs';

const isCode = (path) => /\.tsx?$/.test(path);
/** Tests may import whatever they test. */
const isTest = (path) => /\.(test|contract)\.tsx?$/.test(path);

/** The imports of a file: static, dynamic, re-exports, types. `erased`: gone once it runs. */
export function importsOf(text) {
  const file = ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);
  const found = [];
  const add = (node, erased) => {
    if (node === undefined || !ts.isStringLiteral(node)) return;
    const { line } = file.getLineAndCharacterOfPosition(node.getStart());
    found.push({ specifier: node.text, line: line + 1, erased });
  };
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isImportTypeNode(node)) add(node.argument.literal, true);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/**
 * Checks who imports whom against a table (see imports.mjs) and finds circles, both between files
 * as they run (a type may point back at its neighbour) and between parts.
 *
 * @param root the folder that holds `src/` and `web/`
 * @param table `{ parts, packages, words }`
 * @returns one line per breach: where it is, what is allowed there, and why
 */
export function checkImports(root, table) {
  const problems = [];
  const used = new Set();
  const files = ['src', 'web'].filter((dir) => existsSync(join(root, dir)));
  const code = files.flatMap((dir) => filesBelow(dir, root)).filter(isCode);
  const graph = new Map();

  for (const file of code.filter((path) => !isTest(path))) {
    const text = readFileSync(join(root, file), 'utf8');
    const from = partOf(file, table.parts);
    if (from === undefined) {
      problems.push(`${file}:1: belongs to no part of scripts/imports.mjs; add one.`);
      continue;
    }
    used.add(from.key);
    const targets = [];
    for (const { specifier, line, erased } of importsOf(text)) {
      const at = `${file}:${line}`;
      if (!specifier.startsWith('.')) {
        const problem = checkPackage(specifier, from, table, used);
        if (problem !== undefined) problems.push(`${at}: ${problem}`);
        continue;
      }
      const target = posix.join(dirname(file), specifier.replace(/\?.*$/, ''));
      const problem = checkFile(root, target, from, table, used);
      if (problem !== undefined) problems.push(`${at}: ${problem}`);
      if (!erased) targets.push(target);
    }
    graph.set(file, targets);
    problems.push(...checkWords(file, text, from, table, used));
  }

  const rows = Object.entries(table.parts).map(([key, { may }]) => [key, may]);
  return [
    ...problems,
    ...cycles(graph).map((path) => `These files import each other in a circle: ${path}.`),
    ...cycles(new Map(rows)).map((path) => `scripts/imports.mjs allows a circle: ${path}.`),
    ...unused(table, used),
  ];
}

/**
 * `src/http/server.ts` is of the part `http`; `src/source/exec/run.ts` of `source/*` with the name
 * `source/exec`, unless the table has a part of exactly that name.
 */
function partOf(file, parts) {
  const [top, first = '', second = ''] = file.split('/');
  if (top === 'web') return 'web' in parts ? { key: 'web', name: 'web' } : undefined;
  const stem = (segment) => segment.replace(/\..*$/, '');
  const name = stem(first);
  const inner = `${name}/${stem(second)}`;
  if (second !== '' && inner in parts) return { key: inner, name: inner };
  if (second !== '' && `${name}/*` in parts) return { key: `${name}/*`, name: inner };
  return name in parts ? { key: name, name } : undefined;
}

function checkFile(root, target, from, { parts }, used) {
  if (!existsSync(join(root, target))) return `imports ${target}, which does not exist.`;
  if (isTest(target)) return `imports ${target}; only tests import tests.`;
  if (!/^(src|web)\//.test(target)) return `imports ${target}, which is outside src/ and web/.`;
  const to = partOf(target, parts);
  if (to === undefined || to.name === from.name) return undefined;
  const { may, why } = parts[from.key];
  if (may.includes(to.key)) {
    used.add(`${from.key} → ${to.key}`);
    return undefined;
  }
  const allowed = may.length > 0 ? may.join(', ') : 'nothing of ours';
  return `imports ${target}; "${from.key}" may import ${allowed}: ${why}.`;
}

/** A home is a part, or one of many: `delivery/*` or `delivery/websocket`. */
function claimOf(from, home) {
  return [from.name, from.key].find((name) => home.in.includes(name));
}

function checkPackage(specifier, from, { packages }, used) {
  if (specifier.startsWith('node:')) return undefined;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const home = packages[name];
  if (home === undefined) return `imports the package "${name}", which has no home in the table.`;
  const claim = claimOf(from, home);
  if (claim !== undefined) {
    used.add(`${name} in ${claim}`);
    return undefined;
  }
  return `imports the package "${name}", whose home is ${home.in.join(', ')}: ${home.why}.`;
}

function checkWords(file, text, from, { words }, used) {
  const problems = [];
  for (const [word, home] of Object.entries(words)) {
    const claim = claimOf(from, home);
    text.split('\n').forEach((line, index) => {
      if (!line.includes(word)) return;
      if (claim !== undefined) used.add(`${word} in ${claim}`);
      else {
        const where = home.in.join(', ') || 'nowhere';
        problems.push(`${file}:${index + 1}: has "${word}", whose home is ${where}: ${home.why}.`);
      }
    });
  }
  return problems;
}

/** Each cycle once, as the files or parts it runs through. */
function cycles(graph) {
  const found = [];
  const done = new Set();
  const visit = (file, path) => {
    const start = path.indexOf(file);
    if (start >= 0) {
      found.push([...path.slice(start), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}

/** Rows nothing needs say something untrue about the project. */
function unused({ parts, packages, words }, used) {
  const problems = [];
  const claim = (key, text) => {
    if (!used.has(key)) problems.push(`scripts/imports.mjs: ${text}; remove that from the table.`);
  };
  const missing = Object.keys(parts).filter((key) => !used.has(key));
  for (const key of missing) claim(key, `there are no files of "${key}"`);
  for (const [key, { may }] of Object.entries(parts)) {
    if (missing.includes(key)) continue;
    for (const other of may) claim(`${key} → ${other}`, `"${key}" imports nothing of "${other}"`);
  }
  for (const [name, home] of Object.entries({ ...packages, ...words })) {
    for (const key of home.in) claim(`${name} in ${key}`, `"${key}" does not use "${name}"`);
  }
  return problems;
}
