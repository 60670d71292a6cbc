import type { Random } from '../random.ts';

/** domain.md section 6, in parts of one; what is left is delivered. */
const SHARES = {
  declined: 0.04,
  rejected: 0.02,
  unanswered: 0.01,
  cancelled: 0.03,
  noShow: 0.01,
  itemOut: 0.02,
} as const;

export type Outcome = keyof typeof SHARES | 'delivered';

export function outcomeOf(random: Random): Outcome {
  let left = random.next();
  for (const [outcome, share] of Object.entries(SHARES) as [Outcome, number][]) {
    left -= share;
    if (left < 0) return outcome;
  }
  return 'delivered';
}
