/** A GitHub table with padded cells; columns are `[title, 'left' | 'right']`. */
export function markdownTable(columns, rows) {
  const widths = columns.map(([title], i) => Math.max(3, title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (columns[i][1] === 'right' ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`;
  const rule = columns.map(([, align], i) =>
    align === 'right' ? `${'-'.repeat(widths[i] - 1)}:` : '-'.repeat(widths[i]),
  );
  return [line(columns.map(([title]) => title)), line(rule), ...rows.map(line)].join('\n');
}

export function environmentLine({ node, v8, os, cpu, packages }) {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return `Node ${node} (V8 ${v8}), ${os}, ${cpu}; ${versions.join(', ')}.`;
}

/** Three significant digits, never in exponent form. */
export function milliseconds(value) {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** Two to three significant digits. */
export function short(value) {
  if (value >= 100) return value.toFixed(0);
  return value.toFixed(value >= 10 ? 1 : 2);
}
