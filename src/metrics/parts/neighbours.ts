/** Which nearest neighbour a ball of precision and recall reaches to, as in the ADM evaluator. */
export const NEIGHBOURS = 3;
