// The autoencoder of the tests: the demo's layers at width 16, every weight by seed. It makes pictures of nothing, but
// every latent value moves them. `fixtures/make/autoencoder.py` draws the same weights.

import type { Tensor } from "../core/tensor.ts";
import type { WeightTable } from "../models/model.ts";
import { drawWeight } from "./tiny-dit.ts";

/** Two channels to a group of the normalisation. */
const WIDTH = 16;

/** Weights under their state-dict names; `channels` of the latent. */
export function tinyAutoencoder(channels: number, seed = 1): WeightTable {
  const weights = new Map<string, Tensor>();
  const draw = (name: string, shape: readonly number[], mean = 0) => {
    const { data } = drawWeight(seed, name, shape);
    weights.set(name, { shape, data: mean === 0 ? data : data.map((value) => mean + value) });
  };
  const conv = (name: string, rows: number, columns: number) => {
    draw(`${name}.weight`, [rows, columns, 3, 3]);
    draw(`${name}.bias`, [rows]);
  };
  const norm = (name: string) => {
    draw(`${name}.weight`, [WIDTH], 1);
    draw(`${name}.bias`, [WIDTH]);
  };
  const residual = (name: string) => {
    for (const part of ["1", "2"]) {
      norm(`${name}.norm${part}`);
      conv(`${name}.conv${part}`, WIDTH, WIDTH);
    }
  };
  conv("encoder.conv_in", WIDTH, 48);
  residual("encoder.res1");
  conv("encoder.down", WIDTH, WIDTH);
  residual("encoder.res2");
  norm("encoder.norm");
  conv("encoder.out", 2 * channels, WIDTH);
  conv("decoder.conv_in", WIDTH, channels);
  for (const block of ["res1", "res2", "res3", "res4"]) residual(`decoder.${block}`);
  conv("decoder.up1", WIDTH, WIDTH);
  conv("decoder.up2", WIDTH, WIDTH);
  norm("decoder.norm");
  conv("decoder.conv_ps", 4 * 3, WIDTH);
  conv("decoder.out", 3, 3);
  draw("latent_mean", [channels]);
  draw("latent_std", [channels], 1);
  return weights;
}
