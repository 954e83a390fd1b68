// What the files of the authors' `search` folder are called.

export const LEVELS = "levels_per_stage.json";
export const RATIOS = "ratios_per_stage.json";
export const META = "meta.json";
export const TIMINGS = "timings.json";
export const EVOLUTION = "evolution.json";

/** Orders by method; those of OBS lie in the authors' bank. */
export const DEPTH_ORDERS: Readonly<Record<string, string>> = { layerdrop: "orders_layerdrop.json" };
export const WIDTH_ORDERS: Readonly<Record<string, string>> = {
  wanda: "orders_wanda.json",
  magnitude: "orders_magnitude.json",
  activation: "orders_activation.json",
};

/** Undefined for a method whose orders are not written beside the schedule. */
export function ordersFile(method: string): string | undefined {
  return DEPTH_ORDERS[method] ?? WIDTH_ORDERS[method];
}

export const FILES: readonly string[] = [
  LEVELS,
  RATIOS,
  META,
  TIMINGS,
  EVOLUTION,
  ...Object.values(DEPTH_ORDERS),
  ...Object.values(WIDTH_ORDERS),
];
