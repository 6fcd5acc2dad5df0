// @ts-check
// A table of a million stocks, too large for memory, written row by row: the browser shows the
// first rows at once, and whoever leaves in the middle costs nothing from then on.
//
//   npm install framehub
//   node stock-table.mjs       then open http://127.0.0.1:3000/   (?rows=1000 for fewer)

import { createServer } from 'node:http';
import { escapeHtml, streamRows } from 'framehub';

/**
 * @typedef {{ symbol: string, name: string, price: number, change: number, volume: number }} Stock
 */

/** The parts of the page. Text that comes from elsewhere goes through `escapeHtml`. */
const template = {
  head: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Stocks</title>
<style>
  body { font: 14px system-ui, sans-serif; }
  table { table-layout: fixed; width: 45em; border-collapse: collapse; }
  th, td { padding: 0.2em 0.6em; text-align: right; }
  td:nth-child(2), th:nth-child(2) { text-align: left; width: 16em; }
  .down { color: #c00; }
</style>
<h1>Stocks</h1>
<table>
<thead><tr><th>Symbol<th>Company<th>Price<th>Change<th>Volume</thead>
<tbody>
`,

  /** @param {Stock} stock */
  row: ({ symbol, name, price, change, volume }) =>
    `<tr><td>${escapeHtml(symbol)}<td>${escapeHtml(name)}<td>${price.toFixed(2)}` +
    `<td class="${change < 0 ? 'down' : 'up'}">${change.toFixed(2)}<td>${volume}</tr>\n`,

  /** @param {number} rows */
  foot: (rows) => `</tbody>\n</table>\n<p>${rows} stocks</p>\n`,
};

/**
 * Stands for the cursor of your database: rows come one after the other, when they are asked for.
 * What is in `finally` runs when the last one was read, and when the reader goes before.
 *
 * @param {number} count
 * @returns {Generator<Stock>}
 */
function* readStocks(count) {
  let read = 0;
  try {
    for (; read < count; read += 1) {
      const symbol = `X${read}`;
      const price = 10 + ((read * 7919) % 99_000) / 100;
      const change = ((read * 104_729) % 1_000) / 100 - 5;
      yield {
        symbol,
        name: `${symbol} & Sons <Ltd>`,
        price,
        change,
        volume: (read * 31) % 1_000_000,
      };
    }
  } finally {
    console.log(`Cursor closed after ${read} rows.`);
  }
}

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const count = Math.min(Number(searchParams.get('rows') ?? 1_000_000) || 0, 1_000_000);
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  streamRows(response, template, readStocks(count)).then(
    ({ rows, complete }) =>
      console.log(complete ? `${rows} rows sent.` : `Left after ${rows} rows.`),
    (error) => console.error(error),
  );
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`Stocks: http://127.0.0.1:${port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close();
    server.closeAllConnections();
  });
}
