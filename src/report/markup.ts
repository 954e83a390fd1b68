// HTML and SVG as text, so that a report needs neither a browser nor a library to be written.

/** Text that stands for itself between tags and within quotes. */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

export interface Column {
  readonly name: string;
  /** Numbers stand right, so that digits line up; unless given they are words. */
  readonly number?: true;
}

/** @param rows cells of text, the first of which names its row */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const side = (index: number) => (columns[index]?.number ? ' class="number"' : "");
  const head = columns.map(({ name }, index) => `<th scope="col"${side(index)}>${escaped(name)}</th>`);
  const body = rows.map(([name = "", ...cells]) => {
    const rest = cells.map((cell, index) => `<td${side(index + 1)}>${escaped(cell)}</td>`);
    return `<tr><th scope="row">${escaped(name)}</th>${rest.join("")}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table>
<caption>${escaped(caption)}</caption>
<thead><tr>${head.join("")}</tr></thead>
<tbody>
${body.join("\n")}
</tbody>
</table></div>`;
}

/** Names and what they are, one under the other. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): string {
  const rows = entries.map(([name, value]) => `<div><dt>${escaped(name)}</dt><dd>${escaped(value)}</dd></div>`);
  return `<dl>\n${rows.join("\n")}\n</dl>`;
}

export function section(title: string, ...content: readonly string[]): string {
  return `<section>\n<h2>${escaped(title)}</h2>\n${content.join("\n")}\n</section>`;
}

/** A coordinate: tenths of a pixel are enough. */
export function rounded(value: number): string {
  return String(Number(value.toFixed(1)));
}
