import { expect, test } from 'vitest';
import { csvLine, escapeHtml } from './escape.ts';

test('HTML text can neither open an element nor leave an attribute', () => {
  expect(escapeHtml(`<script>alert("1 & '2'")</script>`)).toBe(
    '&lt;script&gt;alert(&quot;1 &amp; &#39;2&#39;&quot;)&lt;/script&gt;',
  );
  expect(escapeHtml(1.5)).toBe('1.5');
});

test('CSV quotes what would break a line, and nothing else', () => {
  expect(csvLine(['a', 'b c', 1.5, -2, ''])).toBe('a,b c,1.5,-2,\r\n');
  expect(csvLine(['a,b', 'say "hi"', 'two\nlines', ' edge '])).toBe(
    '"a,b","say ""hi""","two\nlines"," edge "\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
  'CSV text %j is no formula for a spreadsheet',
  (text) => {
    expect(csvLine([text]).replace(/^"/, '')).toMatch(/^'/);
  },
);
