// @ts-check

/**
 * The texts of bench/notes.md by their headings (`## name`).
 *
 * @param {string} markdown
 * @returns {Map<string, string>}
 */
export function readNotes(markdown) {
  const notes = new Map();
  for (const block of markdown.split(/^## /m).slice(1)) {
    const [name = '', ...rest] = block.split('\n');
    const text = rest.join('\n').trim();
    if (text !== '') notes.set(name.trim(), text);
  }
  return notes;
}
