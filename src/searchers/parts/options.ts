// Options that several searchers have, under one name and with one meaning.

import type { OptionSpec } from "../../core/options.ts";

export const sizeOptions = {
  generations: {
    kind: "integer",
    label: "Generations",
    help: "How often new schedules are scored and the best selected; the paper uses 100.",
    source: "Diff-ES §3.2",
    default: 100,
    min: 1,
    max: 10_000,
  },
  offspring: {
    kind: "integer",
    label: "Offspring",
    help: "New schedules in every generation.",
    source: "Diff-ES §3.2",
    default: 16,
    min: 1,
    max: 1024,
  },
} as const satisfies OptionSpec;

export const mutationOptions = {
  survivors: {
    kind: "integer",
    label: "Survivors",
    help: "Best schedules that stay and become parents.",
    source: "Diff-ES §3.2",
    default: 4,
    min: 1,
    max: 1024,
  },
  maxMove: {
    kind: "integer",
    label: "Largest move",
    help: "Levels that one mutation takes from a stage and gives to another, at most.",
    source: "Diff-ES §3.2",
    default: 5,
    min: 1,
    max: 1024,
    unit: "levels",
  },
  mutations: {
    kind: "integer",
    label: "Mutations",
    help: "Moves per child, at most; small numbers are more likely.",
    source: "Diff-ES §3.2",
    default: 1,
    min: 1,
    max: 64,
  },
} as const satisfies OptionSpec;

export const tableOptions = {
  levels: {
    kind: "integer",
    label: "Measured levels",
    help: "Of the sensitivity table: every how many levels a stage is measured alone; what lies between is interpolated.",
    default: 3,
    min: 1,
    max: 1024,
    unit: "levels",
  },
} as const satisfies OptionSpec;
