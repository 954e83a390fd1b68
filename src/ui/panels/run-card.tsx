// One stored run of the library: its winner as a thumbnail, what it found and took, and what can be done with it.

import { DropdownMenu } from "radix-ui";
import { useId, useState } from "react";
import { bytes, count, duration, percent, plural, score } from "../../core/format.ts";
import type { SearchResult, RunCard as Stored } from "../../engine/api.ts";
import { runFile } from "../../state/exports.ts";
import { candidatesFile, referenceFiles } from "../../state/run-exports.ts";
import { selectGrid } from "../../state/selectors.ts";
import { shelves } from "../../state/settings.ts";
import { LevelCells } from "../charts/level-cells.tsx";
import { download } from "../parts/download.ts";
import { Icon } from "../parts/icon.tsx";
import { Picture } from "../parts/picture.tsx";
import { pictureSheet } from "../parts/picture-sheet.ts";
import { saveReport } from "../parts/save-report.ts";
import { Why } from "../parts/why.tsx";
import { runSeed, runTitle } from "../run-title.ts";
import { useStudio } from "../studio.tsx";
import { looks } from "../theme.ts";
import { why } from "../why.ts";

export function RunCard({ card }: { readonly card: Stored }) {
  const shown = useStudio((state) => state.run.id === card.run);
  const disabled = useStudio((state) => state.run.phase !== "idle");
  const open = useStudio((state) => state.open);
  const goTo = useStudio((state) => state.goTo);
  const duplicate = useStudio((state) => state.duplicate);
  const compare = useStudio((state) => state.compareRun);
  const hide = useStudio((state) => state.hideRun);
  const [renaming, setRenaming] = useState(false);
  const title = runTitle(card);
  const { outcome } = card;
  return (
    <li className="run-card" aria-label={title} aria-current={shown}>
      {renaming ? (
        <Rename card={card} onDone={() => setRenaming(false)} />
      ) : (
        <button
          type="button"
          className="run"
          disabled={disabled}
          onClick={() => {
            void open(card.run);
            goTo("search");
          }}
        >
          {card.picture && <Picture {...card.picture} alt="" />}
          <strong>{title}</strong>
          {outcome ? (
            <LevelCells levels={outcome.levels} maxLevel={outcome.maxLevel} />
          ) : (
            <span className="muted small">{plural(card.generation, "generation")} so far, not finished</span>
          )}
        </button>
      )}
      <Facts card={card} />
      <div className="row run-tools">
        <button
          type="button"
          className="button"
          disabled={disabled}
          title="Takes its settings for a new search"
          onClick={() => duplicate(card.run)}
        >
          <Icon name="copy" />
          Duplicate
        </button>
        <button type="button" className="button" aria-label={`Rename ${title}`} onClick={() => setRenaming(true)}>
          Rename
        </button>
        {outcome && (
          <button type="button" className="button" onClick={() => void compare(card.run)}>
            Compare
          </button>
        )}
        <Export card={card} />
        <button
          type="button"
          className="button icon-only quiet"
          aria-label={`Remove ${title}`}
          disabled={disabled}
          onClick={() => void hide(card.run)}
        >
          <Icon name="trash" />
        </button>
      </div>
    </li>
  );
}

function Facts({ card }: { readonly card: Stored }) {
  const { request, outcome } = card;
  const metric = shelves.metric.get(request.metric.id).label;
  return (
    <dl className="run-facts">
      {outcome && (
        <div>
          <dt>{metric}</dt>
          <dd title={outcome.heldOut === undefined ? "On the probes" : "Mean over held-out pictures"}>
            <strong>{score(outcome.heldOut ?? outcome.fitness)}</strong>
            {outcome.better && <span className="badge">better than both</span>}
          </dd>
        </div>
      )}
      <div>
        <dt>Method</dt>
        <dd>{shelves.pruner.get(request.pruner.id).label}</dd>
      </div>
      <div>
        <dt>Budget</dt>
        <dd>
          {percent(request.target)}, {count(request.stages)} stages
        </dd>
      </div>
      {outcome && (
        <div>
          <dt>Took</dt>
          <dd title="Since it was last begun">{duration(outcome.elapsed)}</dd>
        </div>
      )}
      <div>
        <dt>Stored</dt>
        <dd>{bytes(card.bytes)}</dd>
      </div>
      <div>
        <dt>Draws</dt>
        <dd>{runSeed(card)}</dd>
      </div>
    </dl>
  );
}

function Rename({ card, onDone }: { readonly card: Stored; readonly onDone: () => void }) {
  const rename = useStudio((state) => state.rename);
  const [name, setName] = useState(card.name ?? "");
  const id = useId();
  return (
    <form
      className="row run-rename"
      onSubmit={(event) => {
        event.preventDefault();
        void rename(card.run, name);
        onDone();
      }}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
    >
      <input
        aria-label="Name of the run"
        aria-details={id}
        // The person has just asked to type here.
        ref={(input) => input?.focus()}
        maxLength={80}
        value={name}
        placeholder={runTitle({ ...card, name: undefined })}
        onChange={({ target }) => setName(target.value)}
      />
      <Why about="the name" id={id} why={why.runName} />
      <button type="submit" className="button primary">
        Save
      </button>
      <button type="button" className="button quiet" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}

function Export({ card }: { readonly card: Stored }) {
  const resultOf = useStudio((state) => state.resultOf);
  const picturesOf = useStudio((state) => state.picturesOf);
  const model = useStudio((state) => state.model.card);
  const [drawing, setDrawing] = useState(false);
  const grid = useStudio(selectGrid);
  const shown = useStudio((state) => state.run.id === card.run);
  const name = `diff-es-${card.run}`;
  const rows = grid.flatMap(({ id, sample }) => (sample?.grid ? [{ name: looks[id].label, ...sample.grid }] : []));
  const withResult = (save: (result: SearchResult) => void | Promise<void>) => async () => {
    const result = await resultOf(card.run);
    if (result) await save(result);
  };
  const finished = card.outcome !== undefined;
  const choices = [
    {
      label: "Report (HTML)",
      ready: finished && model !== undefined,
      save: withResult(async (result) => {
        setDrawing(true);
        const pictures = await picturesOf(result);
        if (model) await saveReport({ name, title: runTitle(card), result, pictures, model });
        setDrawing(false);
      }),
    },
    {
      label: shown ? "Pictures (PNG)" : "Pictures (PNG): open the run first",
      ready: shown && rows.length > 0,
      save: async () => download(`${name}.png`, await pictureSheet(rows), "image/png"),
    },
    {
      label: "Candidates (CSV)",
      ready: finished,
      save: withResult((result) => download(`${name}.csv`, candidatesFile(result), "text/csv")),
    },
    {
      label: "Reference files (JSON)",
      ready: finished,
      save: withResult((result) => {
        for (const [file, text] of referenceFiles(result)) download(file, text);
      }),
    },
    {
      label: "The run (JSON)",
      ready: finished,
      save: withResult((result) => download(`${name}.json`, runFile(result))),
    },
  ];
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="button" aria-label={`Export ${runTitle(card)}`} disabled={drawing}>
        <Icon name="download" />
        {drawing ? "Drawing…" : "Export"}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="menu" align="start" sideOffset={4} collisionPadding={8}>
          {choices.map(({ label, ready, save }) => (
            <DropdownMenu.Item key={label} className="menu-item" disabled={!ready} onSelect={() => void save()}>
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
