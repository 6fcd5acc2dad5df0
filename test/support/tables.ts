/** The rows of every Markdown table whose header begins with this cell, as cells of plain text. */
export function tableRows(markdown: string, firstHeader: string): string[][] {
  const rows: string[][] = [];
  let inside = false;
  for (const line of markdown.split('\n')) {
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1).map(plain) : undefined;
    if (cells === undefined) inside = false;
    else if (cells[0] === firstHeader) inside = true;
    else if (inside && !/^-+$/.test(cells[0] ?? '')) rows.push(cells);
  }
  return rows;
}

/** The text of the fenced block of this language that holds `part`. */
export function codeBlock(markdown: string, language: string, part: string): string {
  const blocks = [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
  const found = blocks.find(([, lang, text]) => lang === language && text?.includes(part));
  if (found?.[2] === undefined)
    throw new Error(`no ${language} block with ${JSON.stringify(part)}`);
  return found[2];
}

function plain(cell: string): string {
  return cell.trim().replaceAll('`', '');
}
