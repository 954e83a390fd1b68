// A schedule by hand: columns to draw, the rule by which the budget stays, presets, undo and redo, and what it costs.

import { useEffect, useId } from "react";
import { selectPresets } from "../../state/editor-presets.ts";
import { referenceLevels } from "../../state/exports.ts";
import { selectDraft } from "../../state/select-draft.ts";
import { selectProblem } from "../../state/selectors.ts";
import { LevelColumns } from "../charts/level-columns.tsx";
import { Card } from "../parts/card.tsx";
import { download } from "../parts/download.ts";
import { FileButton } from "../parts/file-button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Select } from "../parts/select.tsx";
import { Why } from "../parts/why.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";
import { BudgetLine, DraftCostLine } from "./draft-cost.tsx";

export function EditorPanel() {
  const draft = useStudio(selectDraft);
  const problem = useStudio(selectProblem);
  const gesture = useStudio((state) => state.editor.gesture);
  const said = useStudio((state) => state.editor.said);
  const setLevel = useStudio((state) => state.setLevel);
  const endGesture = useStudio((state) => state.endGesture);
  const toggleLock = useStudio((state) => state.toggleLock);
  const details = useId();
  useUndoKeys();
  usePaste();
  return (
    <Card
      title="Schedule editor"
      className="editor"
      tour="level"
      about={
        <>
          Drag a column, type a level, or use the arrow keys <Why about="levels" id={details} why={why.level} />
        </>
      }
      tools={draft && <Tools />}
    >
      {!draft ? (
        <div className="empty">
          <strong>{problem ?? "Loading the model…"}</strong>
        </div>
      ) : (
        <>
          <BudgetLine />
          <LevelColumns
            draft={draft}
            details={details}
            before={gesture?.from}
            onLevel={setLevel}
            onEnd={endGesture}
            onLock={toggleLock}
          />
          <p className="editor-said" role="status">
            {said}
          </p>
          <DraftCostLine />
          <Exchange />
        </>
      )}
    </Card>
  );
}

function Tools() {
  const free = useStudio((state) => state.editor.history.now.free);
  const setFree = useStudio((state) => state.setFree);
  const undo = useStudio((state) => state.undo);
  const redo = useStudio((state) => state.redo);
  const { past, future } = useStudio((state) => state.editor.history);
  return (
    <>
      <Presets />
      <Segmented
        legend="Budget"
        why={why.budgetMode}
        value={free ? "free" : "exact"}
        choices={[
          { id: "exact", label: "Exact budget" },
          { id: "free", label: "Free" },
        ]}
        onChange={(mode) => setFree(mode === "free")}
      />
      <Step name="undo" label="Undo" keys="Ctrl+Z" disabled={past.length === 0} onClick={undo} />
      <Step name="redo" label="Redo" keys="Ctrl+Shift+Z" disabled={future.length === 0} onClick={redo} />
    </>
  );
}

function Step(props: {
  readonly name: "undo" | "redo";
  readonly label: string;
  readonly keys: string;
  readonly disabled: boolean;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="button icon-only quiet"
      aria-label={props.label}
      title={`${props.label} (${props.keys})`}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.name} />
    </button>
  );
}

/** A menu: what is chosen is taken over and nothing stays chosen. */
function Presets() {
  const presets = useStudio(selectPresets);
  const takeLevels = useStudio((state) => state.takeLevels);
  return (
    <Select
      label="Start from a schedule"
      why={why.start}
      className="presets"
      value=""
      onChange={(chosen) => {
        const preset = presets.find(({ id }) => id === chosen);
        if (preset) takeLevels(preset.levels);
      }}
    >
      <option value="">Start from…</option>
      {presets.map(({ id, label }) => (
        <option key={id} value={id}>
          {label}
        </option>
      ))}
    </Select>
  );
}

function Exchange() {
  const takeText = useStudio((state) => state.takeText);
  const draft = useStudio(selectDraft);
  const run = useStudio((state) => state.run);
  const tryInSearch = useStudio((state) => state.tryInSearch);
  if (!draft) return null;
  const { space, result, id } = run;
  const fits = space?.division.length === draft.levels.length && space.maxLevel === draft.space.maxLevel;
  const open = id !== undefined && !result && fits;
  return (
    <div className="editor-line">
      <div className="row">
        <FileButton
          label="Open levels"
          accept=".json,.txt"
          disabled={false}
          onFiles={([file]) => void file?.text().then(takeText)}
        />
        <button
          type="button"
          className="button"
          onClick={() => download("levels_per_stage.json", referenceLevels(draft.levels))}
        >
          <Icon name="download" />
          levels_per_stage.json
        </button>
        {open && (
          <button type="button" className="button" disabled={!draft.onBudget} onClick={() => void tryInSearch()}>
            <Icon name="play" />
            Try in the search
          </button>
        )}
      </div>
      <span className="muted small">Or paste or drop levels_per_stage.json, or a list in sampling order.</span>
    </div>
  );
}

/** Where a person types, keys and what is pasted belong to the field. */
function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest("input, select, textarea, dialog") !== null;
}

function usePaste(): void {
  const takeText = useStudio((state) => state.takeText);
  useEffect(() => {
    function onPaste(event: ClipboardEvent): void {
      if (!isTyping(event)) takeText(event.clipboardData?.getData("text") ?? "");
    }
    window.addEventListener("paste", onPaste);
    return () => window.removeEventListener("paste", onPaste);
  }, [takeText]);
}

function useUndoKeys(): void {
  const undo = useStudio((state) => state.undo);
  const redo = useStudio((state) => state.redo);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (isTyping(event) || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const back = key === "z" && !event.shiftKey;
      const forth = (key === "z" && event.shiftKey) || key === "y";
      if (!back && !forth) return;
      event.preventDefault();
      if (back) undo();
      else redo();
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [undo, redo]);
}
