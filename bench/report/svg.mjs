// @ts-check

/** Greys and colours that can be told apart on white and on black. */
const INK = '#7d8590';
const FAINT = '#7d859055';
const colours = {
  floor: '#7d8590',
  'node-floor': '#39c5cf',
  'framehub-app': '#2f81f7',
  'framehub-webcam': '#8957e5',
  'framehub-auto': '#2f81f7',
  'framehub-option': '#8957e5',
  'framehub-no-option': '#c58fff',
  ustreamer: '#d29922',
  'ustreamer-slowdown': '#e3b341',
  motion: '#db61a2',
  flask: '#3fb950',
  ffmpeg: '#7d8590',
};

/** @param {string} id  of a contestant */
export function colourOf(id) {
  return /** @type {Record<string, string>} */ (colours)[id] ?? INK;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {string} title
 * @param {readonly string[]} content
 */
export function svg(width, height, title, content) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="${INK}" role="img">
<title>${escaped(title)}</title>
${text(12, 24, title, { size: 15, weight: 600 })}
${content.join('\n')}
</svg>
`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {{ anchor?: 'start' | 'middle' | 'end', size?: number, weight?: number, fill?: string }} [how]
 */
export function text(x, y, words, { anchor = 'start', size, weight, fill } = {}) {
  const more = [
    size === undefined ? '' : ` font-size="${size}"`,
    weight === undefined ? '' : ` font-weight="${weight}"`,
    fill === undefined ? '' : ` fill="${fill}"`,
  ];
  return `<text x="${place(x)}" y="${place(y)}" text-anchor="${anchor}"${more.join('')}>${escaped(words)}</text>`;
}

/** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {string} [stroke] */
export function line(x1, y1, x2, y2, stroke = FAINT) {
  return `<line x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}" stroke="${stroke}"/>`;
}

/** @param {number} value  one digit behind the point is finer than a screen */
export function place(value) {
  return Math.round(value * 10) / 10;
}

/** A number at an axis: no more digits than it needs. @param {number} value */
export function mark(value) {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** @param {string} words */
function escaped(words) {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
