// The schedule as columns that can be drawn: width is how many steps visit a stage, height and colour are its level.
// Sampling steps run along the bottom, timesteps along the top. Every column is a slider, by pointer and by keys.

import { Slider } from "radix-ui";
import { type KeyboardEvent, useRef } from "react";
import { inkOn, levelColour } from "../../core/colour-scales.ts";
import { percent } from "../../core/format.ts";
import type { Draft } from "../../state/select-draft.ts";
import { Icon } from "../parts/icon.tsx";
import { stageText, stepsOfStage } from "./stages.ts";
import { useSize } from "./use-size.ts";

/** Most stages whose columns carry their level. */
const NUMBERED = 24;
/** CSS pixels that a label of an axis needs. */
const LABEL = 38;
/** Digits that follow each other sooner are one number. */
const TYPING = 900;

export interface LevelColumnsProps {
  readonly draft: Draft;
  /** Levels before the gesture under way, shown as marks. */
  readonly before: readonly number[] | undefined;
  /** Id of what explains levels. */
  readonly details: string;
  readonly onLevel: (stage: number, level: number) => void;
  readonly onEnd: () => void;
  readonly onLock: (stage: number) => void;
}

export function LevelColumns(props: LevelColumnsProps) {
  const { draft } = props;
  const { division, stepsPerStage, levels } = draft;
  const columns = stepsPerStage.map((steps) => `minmax(0, ${steps}fr)`).join(" ");
  const lines = { "--levels": draft.space.maxLevel, gridTemplateColumns: columns } as React.CSSProperties;
  const [element, { width }] = useSize();
  const every = width > 0 ? Math.ceil((LABEL * levels.length) / width) : 1;
  return (
    <div className={levels.length > NUMBERED ? "columns dense" : "columns"} ref={element}>
      <span className="axis-name">timestep</span>
      <div className="columns-line columns-times" style={{ gridTemplateColumns: columns }} aria-hidden="true">
        {division.map(({ high }, stage) => (
          <span key={high}>{stage % every === 0 ? high : ""}</span>
        ))}
        <span className="columns-last">{division.at(-1)?.low}</span>
      </div>
      <span className="axis-name columns-scale" aria-hidden="true">
        <span>{draft.space.maxLevel} all</span>
        <span>level</span>
        <span>0 dense</span>
      </span>
      <div className="columns-line columns-bars" style={lines}>
        {levels.map((_, stage) => (
          <Column key={division[stage]?.high} {...props} stage={stage} />
        ))}
      </div>
      <span className="axis-name">lock</span>
      <div className="columns-line" style={{ gridTemplateColumns: columns }}>
        {levels.map((_, stage) => (
          <Lock key={division[stage]?.high} {...props} stage={stage} />
        ))}
      </div>
      <span className="axis-name">steps</span>
      <div className="columns-line columns-steps" style={{ gridTemplateColumns: columns }} aria-hidden="true">
        {levels.map((_, stage) => (
          <span key={division[stage]?.high}>{stage % every === 0 ? stepsOfStage(draft.stageOfStep, stage) : ""}</span>
        ))}
      </div>
      <span />
      <div className="axis-ends" aria-hidden="true">
        <span>← noise, first</span>
        <span>picture, last →</span>
      </div>
    </div>
  );
}

type ColumnProps = LevelColumnsProps & { readonly stage: number };

function Column({ draft, before, details, stage, onLevel, onEnd, onLock }: ColumnProps) {
  const { division, stageOfStep, levels, locked, space } = draft;
  const { maxLevel } = space;
  const level = levels[stage] ?? 0;
  const share = level / maxLevel;
  const was = before?.[stage];
  const typed = useRef({ text: "", at: 0 });
  const held = locked.has(stage);

  function onKeyDown(event: KeyboardEvent): void {
    const { key, ctrlKey, metaKey, altKey, timeStamp } = event;
    if (ctrlKey || metaKey || altKey) return;
    const page = Math.max(2, Math.round(maxLevel / 4));
    if (/^\d$/.test(key)) {
      const { text, at } = typed.current;
      const longer = timeStamp - at < TYPING ? text + key : key;
      typed.current = { text: Number(longer) <= maxLevel ? longer : key, at: timeStamp };
      onLevel(stage, Number(typed.current.text));
    } else if (key === "PageUp") onLevel(stage, level + page);
    else if (key === "PageDown") onLevel(stage, level - page);
    else if (key === "l" || key === "L") onLock(stage);
    else return;
    event.preventDefault();
  }

  return (
    <Slider.Root
      className="column"
      orientation="vertical"
      min={0}
      max={maxLevel}
      value={[level]}
      data-locked={held}
      onValueChange={([next]) => next !== undefined && onLevel(stage, next)}
      onKeyDown={onKeyDown}
      onPointerUp={onEnd}
      onPointerCancel={onEnd}
      onBlur={onEnd}
    >
      <Slider.Track className="column-track">
        <Slider.Range className="column-bar" style={{ background: levelColour(share) }} />
        {was !== undefined && was !== level && (
          <i className="column-was" style={{ insetBlockEnd: `${(100 * was) / maxLevel}%` }} />
        )}
      </Slider.Track>
      <Slider.Thumb
        className="column-thumb"
        style={{ background: levelColour(share), color: inkOn(share) }}
        aria-details={details}
        aria-label={stageText(division, stageOfStep, stage)}
        aria-valuetext={`level ${level} of ${maxLevel}, ${percent(share)} removed${held ? ", locked" : ""}`}
      >
        <span aria-hidden="true">{level}</span>
      </Slider.Thumb>
    </Slider.Root>
  );
}

function Lock({ draft, stage, onLock }: ColumnProps) {
  const held = draft.locked.has(stage);
  return (
    <button
      type="button"
      className="column-lock"
      aria-pressed={held}
      aria-label={`Lock stage ${stage + 1}`}
      title={held ? "Locked: keeps its level. Unlock (L)" : "Lock this level (L)"}
      onClick={() => onLock(stage)}
    >
      <Icon name={held ? "lock" : "unlock"} />
    </button>
  );
}
