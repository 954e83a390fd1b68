// Numbers as people read them: always with a unit, never with more digits than mean something. A no-break space
// keeps number and unit on one line.

import type { Bytes, Macs, Milliseconds, Ratio } from "./tensor.ts";

const NBSP = "\u00a0";
const MINUS = "\u2212";
/** What stands where there is no number. */
export const NONE = "–";

/** 1840000000 -> "1.84 G" with the unit's name. */
function scaled(value: number, base: number, prefixes: readonly string[], unit: string): string {
  let at = 0;
  let rest = value;
  while (rest >= base && at < prefixes.length - 1) {
    rest /= base;
    at++;
  }
  return `${digits(rest)}${NBSP}${prefixes[at]}${unit}`;
}

/** Three significant digits, whole numbers from 100 on. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

export function macs(value: Macs): string {
  return scaled(value, 1000, ["", "K", "M", "G", "T", "P"], "MACs");
}

export function bytes(value: Bytes): string {
  return value < 1000 ? `${value}${NBSP}bytes` : scaled(value / 1000, 1000, ["k", "M", "G", "T"], "B");
}

export function count(value: number): string {
  return value.toLocaleString("en");
}

/** 0.458 -> "45.8 %", 0.5 -> "50 %". */
export function percent(share: Ratio, places = 1): string {
  return `${trimmed(100 * share, places)}${NBSP}%`;
}

export function milliseconds(value: Milliseconds): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(value < 100 ? 1 : 0)}${NBSP}ms`;
}

/** A length of time for people: "8 s", "2 min 10 s", "3 h 5 min". */
export function duration(value: Milliseconds): string {
  const seconds = Math.round(value / 1000);
  if (seconds < 1) return `under 1${NBSP}s`;
  if (seconds < 60) return `${seconds}${NBSP}s`;
  if (seconds < 3600) {
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)}${NBSP}min${rest > 0 ? `${NBSP}${rest}${NBSP}s` : ""}`;
  }
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${minutes % 60}${NBSP}min`;
}

/** Rounded the more the longer it is: an estimate must not look exact. */
export function about(value: Milliseconds): string {
  const seconds = value / 1000;
  const grain = seconds < 20 ? 1 : seconds < 120 ? 5 : seconds < 600 ? 30 : seconds < 3600 ? 60 : 600;
  return `about ${duration(Math.max(1, Math.round(seconds / grain) * grain) * 1000)}`;
}

export function factor(value: Ratio): string {
  return `${value.toFixed(2)}×`;
}

/** A fitness: four decimals near one, fewer where they would not be read. */
export function score(value: number): string {
  return Number.isFinite(value) ? decimals(value).replace("-", MINUS) : NONE;
}

export function signed(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  return `${value < 0 ? MINUS : "+"}${decimals(Math.abs(value))}`;
}

function decimals(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 0);
}

/** 8200000 -> "8.20 M" */
export function amount(value: number): string {
  return value < 1000 ? String(value) : scaled(value, 1000, ["", "K", "M", "G", "T"], "");
}

/** "1 picture", "4 pictures" */
export function plural(value: number, noun: string, many = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : many}`;
}

/** "999–900", or one number. */
export function range(from: number, to: number): string {
  return from === to ? String(from) : `${from}–${to}`;
}

function trimmed(value: number, places: number): string {
  return String(Number(value.toFixed(places)));
}
