// All pictures of the comparison in small, in an order that was fixed before anybody saw them: one is shown in large.

import { score } from "../../core/format.ts";
import { seedCounts } from "../../state/compare-slice.ts";
import { type Order, orders } from "../../state/disagreement.ts";
import { className } from "../../state/labels.ts";
import type { Comparison } from "../../state/select-comparison.ts";
import { Picture } from "../parts/picture.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

const names: Readonly<Record<Order, string>> = {
  drawn: "As drawn",
  largest: "Largest",
  median: "Median",
  smallest: "Smallest",
  random: "Random",
};

export function CompareFilm({ comparison }: { readonly comparison: Comparison }) {
  const { sides, arranged, labels, seeds, side } = comparison;
  const card = useStudio((state) => state.model.card);
  const { picture, order, seeds: count } = useStudio((state) => state.compare);
  const compareOn = useStudio((state) => state.compareOn);
  const [reference, ...others] = sides;
  if (!card || !reference) return null;
  return (
    <section className="film" aria-label="All pictures">
      <div className="film-head">
        <span className="small muted">Order by disagreement</span>
        <Segmented
          legend="Order by disagreement"
          why={why.order}
          value={order}
          choices={(Object.keys(orders) as Order[]).map((id) => ({ id, label: names[id], name: orders[id] }))}
          onChange={(next) => compareOn({ order: next })}
        />
        <span className="small muted film-seeds">Pictures</span>
        <Segmented
          legend="Pictures"
          why={why.seeds}
          value={String(count)}
          choices={seedCounts.map((seeds) => ({ id: String(seeds), label: 10 * seeds }))}
          onChange={(id) => compareOn({ seeds: Number(id) as (typeof seedCounts)[number], picture: 0 })}
        />
      </div>
      <ul>
        {arranged.map((index) => {
          const pixels = reference.pictures[index];
          const known = others.flatMap(({ scores }) => scores[index]?.ssim ?? []);
          const lowest = known.length > 0 ? `SSIM ${score(Math.min(...known))}` : "";
          const name = `${className(card, labels[index] ?? 0)}, seed ${seeds[index]}`;
          return (
            <li key={index}>
              <button
                type="button"
                className="tile"
                aria-label={`Show ${name}`}
                aria-current={index === picture}
                title={`${name}${lowest && ` · lowest ${lowest}`}`}
                onClick={() => compareOn({ picture: index })}
              >
                {pixels && <Picture pixels={pixels} side={side} alt="" />}
              </button>
            </li>
          );
        })}
      </ul>
      <p className="small muted">
        Disagreement is 1 − SSIM to the first schedule, mean over the others. Shown: {orders[order]}.
      </p>
    </section>
  );
}
