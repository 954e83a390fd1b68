// A table in a box of its own, which scrolls by keyboard too.

import type { ReactNode } from "react";

export function ScrollTable({ caption, children }: { readonly caption: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div className="table-scroll" tabIndex={0}>
      <table className="table">
        <caption className="hidden">{caption}</caption>
        {children}
      </table>
    </div>
  );
}
