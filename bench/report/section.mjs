// @ts-check

/**
 * @typedef {object} Section  of the report
 * @property {string} title
 * @property {string} body   Markdown, without the title
 * @property {Readonly<Record<string, string>>} charts  SVG by file name, which the body shows
 */

/** @param {string} file @param {string} what */
export function showChart(file, what) {
  return `![${what}](performance/${file})`;
}

/**
 * Paragraphs; those that are undefined or empty are left out.
 *
 * @param {readonly (string | undefined)[]} parts
 */
export function paragraphs(parts) {
  return parts.filter(Boolean).join('\n\n');
}

/** @param {readonly string[]} remarks */
export function remarkList(remarks) {
  return remarks.map((remark) => `- ${remark}`).join('\n');
}
