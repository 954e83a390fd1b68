// Why the page's own controls are there. Options of methods, settings and presets say it where they are declared.

import type { Explained } from "../core/options.ts";

export const why = {
  // the page
  colours: {
    help: "Light, dark, or as the system has it. Maps and charts keep scales that colour-blind eyes can read.",
  },
  preset: {
    help: "How much a search does. Quick is a first answer, Standard a result to rely on, Paper as many generations and pictures as were published.",
    source: "Diff-ES §4",
  },
  asTable: { help: "The same numbers as a drawing or as a table: to be read exactly, copied, or heard." },
  // a model's file
  prediction: {
    help: "What the model was trained to output: the noise ε in a latent, or the velocity v, from which either follows.",
    equation: "x = a x₀ + s ε, v = a ε − s x₀",
  },
  // the search
  combination: {
    help: "A sum with weights, or one metric that counts only after a bound on another: “0.5 ssim + 0.5 latent-cosine”, “latent-cosine at least 0.88, then fft”. A bound first is the authors’ fft_cos_bound.",
    equation: "Σ wₘ fₘ, or f₂ subject to f₁ ≥ c",
  },
  warm: {
    help: "A winner of an earlier search joins the first generation, carried over to these stages and this budget. A sweep does so by itself.",
  },
  population: {
    help: "What the rows are: the best of each generation, all of one generation, or all of all. A search that converges has rows that grow alike.",
    source: "Diff-ES §3.2",
  },
  generation: { help: "Goes through the generations of the search; at the last one it follows the search." },
  origin: { help: "How a schedule came to be: a starting pattern, a move of levels from a survivor, or a hand." },
  levelFilter: {
    help: "Levels of neighbouring stages, wherever they stand in the schedule: 10 9 _ 6, where _ is any level.",
  },
  injected: {
    help: "One level for each stage, in sampling order, or the content of levels_per_stage.json. It joins the next generation and lives if it is fit.",
  },
  targets: {
    help: "Mean shares of structures removed, searched in this order; 10 to 50 % as in the paper’s tables.",
    source: "Diff-ES §4",
  },
  // while work goes on
  notify: {
    help: "A notice of the browser when a search or other long work has ended, also while another tab is in front. It asks for your permission once; nothing leaves this machine.",
  },
  awake: {
    help: "Keeps the screen on while work goes on and this tab is in front, so that the machine does not fall asleep over it. It ends with the work.",
  },
  // the editor
  level: {
    help: "How much is removed in this stage. A level of a width method is one head and its share of channels in every block, one of LayerDrop a block; early stages decide composition, late ones detail.",
    equation: "0 ≤ ℓ(s) ≤ L",
    source: "Diff-ES §3.1",
  },
  budgetMode: {
    help: "Exact: what a stage gains others lose, so that schedules stay comparable. Free: a level changes alone, and you see what that costs.",
    equation: "Σ ℓ(s) = B",
    source: "Diff-ES §3.2",
  },
  start: {
    help: "Takes over another schedule to go on from: uniform, MosaicDiff, a starting pattern of the search, or what was found.",
    source: "Diff-ES §3.2",
  },
  reference: { help: "Another schedule’s pictures beneath yours, of the same noise and at the same cost." },
  live: {
    help: "Live draws after every change, from the first changed stage on: what comes before it is known. On demand leaves the processor to other work.",
  },
  // the comparison
  side: {
    help: "Which schedule stands here. The first is the reference: differences and scores of the others are against it.",
  },
  addSide: { help: "One schedule more, up to four: of this run, yours, or the winner of a stored run." },
  show: {
    help: "Pictures side by side; one wiped over the other; or where they differ: size of the difference, its sign, or loss of structure.",
  },
  swipe: {
    help: "The line between the reference on its left and the other on its right: drag it, or move it with the arrow keys. What jumps as it passes differs.",
  },
  gain: { help: "Differences are multiplied by this before they are shown; small ones are invisible otherwise." },
  step: {
    help: "The clean picture that each schedule predicts at a sampling step. Where two part tells which stage parts them.",
    equation: "x̂₀ = (x_t − √(1 − ᾱ_t) ε̂) / √ᾱ_t",
  },
  order: {
    help: "Which pictures come first, by a rule instead of by taste. The rule is printed on what you export.",
    equation: "1 − SSIM to the first, mean over the others",
  },
  seeds: { help: "How many pictures are drawn of each schedule. More of them tell luck from quality." },
  axis: {
    help: "Along what the schedules are drawn: timestep of training, step of sampling, or how much signal is left in the noise.",
    equation: "log-SNR = ln(ᾱ_t / (1 − ᾱ_t))",
  },
  matrixAxis: {
    help: "What changes from one picture to the next in this direction; all else is as in the picture above.",
  },
  matrixSchedule: { help: "Which schedule draws all pictures, where none of the two axes is the schedule." },
  question: { help: "Closer asks about fidelity to the reference, nicer about quality on its own: they can disagree." },
  ballot: {
    help: "The two that are voted on. Which stands left is drawn anew for every pair, and names stay hidden until you reveal them.",
  },
  // the library
  runName: {
    help: "What the run is called in this browser. Empty, it is called by its method, budget and stages again.",
  },
} as const satisfies Readonly<Record<string, Explained>>;
