import { escapeHtml } from './escape-html.js';
import type { TableRows } from './text-table.js';

/** One block of a report. */
export type ReportBlock =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: TableRows }
  /** An SVG document made by this project. */
  | { readonly kind: 'svg'; readonly svg: string }
  | { readonly kind: 'png'; readonly bytes: Uint8Array; readonly caption: string };

const STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1080px; margin: 2rem auto; padding: 0 1rem; color: #1c2430; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #d8dee6; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { padding: .25rem .9rem; border-bottom: 1px solid #e4e8ee; text-align: right; }
td:first-child, th:first-child { text-align: left; } th { font-weight: 600; }
figure { margin: 1rem 0; } figure img { max-width: 100%; image-rendering: auto; } figcaption { color: #556070; font-size: .9rem; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; } svg { max-width: 100%; height: auto; }
`;

function tableHtml(rows: TableRows): string {
  const cells = (row: readonly string[], tag: string): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  return `<table>${rows.map((row, i) => cells(row, i === 0 ? 'th' : 'td')).join('')}</table>`;
}

function blockHtml(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeHtml(block.text)}</h2>`;
    case 'text':
      return `<p>${escapeHtml(block.text)}</p>`;
    case 'table':
      return tableHtml(block.rows);
    case 'svg':
      return block.svg;
    case 'png': {
      const data = Buffer.from(block.bytes).toString('base64');
      const caption = escapeHtml(block.caption);
      return `<figure><img alt="${caption}" src="data:image/png;base64,${data}"><figcaption>${caption}</figcaption></figure>`;
    }
  }
}

/** A self-contained page: no script, no file beside it, no network. Consecutive charts stand in a row. */
export function htmlReport(title: string, blocks: readonly ReportBlock[]): string {
  const parts: string[] = [];
  let charts: string[] = [];
  const flush = (): void => {
    if (charts.length > 0) parts.push(`<div class="row">${charts.join('')}</div>`);
    charts = [];
  };
  for (const block of blocks) {
    if (block.kind === 'svg') charts.push(blockHtml(block));
    else {
      flush();
      parts.push(blockHtml(block));
    }
  }
  flush();
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title>
<style>${STYLE}</style></head>
<body><h1>${escapeHtml(title)}</h1>
${parts.join('\n')}
</body></html>
`;
}
