// A blind vote between two of the compared schedules. Names and numbers come at the end, with how sure they are.

import { useEffect, useRef, useState } from "react";
import { percent, plural } from "../../core/format.ts";
import type { SideId } from "../../state/select-comparands.ts";
import { type Comparison, selectComparison } from "../../state/select-comparison.ts";
import { outcomeOfVote, type Question, questions, trialOf, type Vote } from "../../state/vote-slice.ts";
import { Card } from "../parts/card.tsx";
import { SelectField } from "../parts/field.tsx";
import { Picture } from "../parts/picture.tsx";
import { sideLook } from "../side-look.ts";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function VotePanel() {
  const comparison = useStudio(selectComparison);
  const vote = useStudio((state) => state.vote);
  if (comparison.sides.length < 2) return null;
  return (
    <Card
      title="Blind vote"
      className="compare vote"
      about={vote ? questions[vote.question] : "Your own eyes, without names"}
    >
      {!vote && <Setup comparison={comparison} />}
      {vote && !vote.revealed && <Ballot vote={vote} comparison={comparison} />}
      {vote?.revealed && <Outcome vote={vote} />}
    </Card>
  );
}

function Setup({ comparison: { sides, plan, labels } }: { readonly comparison: Comparison }) {
  const runs = useStudio((state) => state.session.runs);
  const beginVote = useStudio((state) => state.beginVote);
  const [question, setQuestion] = useState<Question>("closer");
  const [wanted, setWanted] = useState<readonly (SideId | undefined)[]>([]);
  // The reference cannot be closer to itself than another.
  const offered = question === "closer" ? sides.slice(1) : sides;
  const ids = offered.map(({ id }) => id);
  const pick = (at: number, not?: SideId) => {
    const id = wanted[at];
    return id && ids.includes(id) && id !== not ? id : ids.filter((other) => other !== not).at(at === 0 ? 0 : -1);
  };
  const first = pick(0);
  const second = pick(1, first);
  const drawn = offered.every(({ pictures }) => pictures.every(Boolean)) && sides[0]?.pictures.every(Boolean);
  const choices = (not?: SideId) =>
    ids.filter((id) => id !== not).map((id) => ({ id, label: sideLook(id, runs).label }));
  return (
    <div className="vote-setup">
      <SelectField
        label="Question"
        why={why.question}
        value={question}
        choices={(Object.keys(questions) as Question[]).map((id) => ({ id, label: questions[id] }))}
        onChange={setQuestion}
      />
      {first && second ? (
        <>
          <SelectField
            label="Between"
            why={why.ballot}
            value={first}
            choices={choices()}
            onChange={(id) => setWanted([id, second])}
          />
          <SelectField
            label="and"
            why={why.ballot}
            value={second}
            choices={choices(first)}
            onChange={(id) => setWanted([first, id])}
          />
          <button
            type="button"
            className="button primary"
            disabled={!drawn}
            onClick={() => beginVote({ question, pair: [first, second], seed: plan.seed, pictures: labels.length })}
          >
            {drawn ? "Begin" : "Pictures are being drawn…"}
          </button>
        </>
      ) : (
        <p className="muted">Add a third schedule above: one is the reference, two are voted on.</p>
      )}
    </div>
  );
}

/** By key. */
const answers: ReadonlyMap<string, "left" | "right" | undefined> = new Map([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowDown", undefined],
]);

function Ballot({ vote, comparison }: { readonly vote: Vote; readonly comparison: Comparison }) {
  const castVote = useStudio((state) => state.castVote);
  const revealVote = useStudio((state) => state.revealVote);
  const ballot = useRef<HTMLDivElement>(null);
  useEffect(() => ballot.current?.focus({ preventScroll: true }), []);
  const { picture, swapped } = trialOf(vote);
  const [first, second] = vote.pair.map((id) => comparison.sides.find((side) => side.id === id)?.pictures[picture]);
  const [left, right] = swapped ? [second, first] : [first, second];
  const reference = vote.question === "closer" ? comparison.sides[0]?.pictures[picture] : undefined;
  const shown = [
    { name: "A", pixels: left },
    ...(vote.question === "closer" ? [{ name: "Reference", pixels: reference }] : []),
    { name: "B", pixels: right },
  ];
  const word = vote.question;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a group that takes keys */}
      <div
        ref={ballot}
        className="ballot"
        role="group"
        aria-label={`${questions[vote.question]} Left arrow for A, right arrow for B, down arrow when you cannot tell.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its keys need the focus
        tabIndex={0}
        onKeyDown={(event) => {
          if (event.target !== event.currentTarget || !answers.has(event.key)) return;
          event.preventDefault();
          castVote(answers.get(event.key));
        }}
      >
        {shown.map(({ name, pixels }) => (
          <figure key={name}>
            <figcaption>{name}</figcaption>
            <div className="frame">
              {pixels && <Picture pixels={pixels} side={comparison.side} alt={`Picture ${name}`} />}
            </div>
          </figure>
        ))}
      </div>
      <div className="row ballot-keys">
        <button type="button" className="button" onClick={() => castVote("left")}>
          <kbd>←</kbd> A is {word}
        </button>
        <button type="button" className="button quiet" onClick={() => castVote(undefined)}>
          <kbd>↓</kbd> Cannot tell
        </button>
        <button type="button" className="button" onClick={() => castVote("right")}>
          B is {word} <kbd>→</kbd>
        </button>
        <span className="muted small" role="status">
          {plural(vote.votes, "vote")}
        </span>
        <button type="button" className="button primary" disabled={vote.votes === 0} onClick={revealVote}>
          Reveal
        </button>
      </div>
    </>
  );
}

function Outcome({ vote }: { readonly vote: Vote }) {
  const runs = useStudio((state) => state.session.runs);
  const closeVote = useStudio((state) => state.closeVote);
  const outcome = outcomeOfVote(vote);
  if (!outcome) return null;
  const [first, second] = vote.pair.map((id) => sideLook(id, runs).label);
  const ahead = outcome.low > 0.5 ? first : outcome.high < 0.5 ? second : undefined;
  return (
    <div className="vote-outcome">
      <p>
        <strong>
          {first}: {vote.forFirst} of {plural(vote.votes, "vote")}, {percent(outcome.share)}
        </strong>{" "}
        against {second} · 95{"\u00a0"}% from {percent(outcome.low)} to {percent(outcome.high)} (Wilson)
        {vote.asked > vote.votes && ` · ${plural(vote.asked - vote.votes, "pair")} could not be told`}
      </p>
      <p className="muted">{ahead ? `${ahead} is ${vote.question}.` : "No difference was found."}</p>
      <button type="button" className="button" onClick={closeVote}>
        Vote again
      </button>
    </div>
  );
}
