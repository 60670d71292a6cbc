interface Credit {
  /** What the issuer charged, and the tax in it. */
  soldMinor: number;
  soldTaxMinor: number;
  /** What it gave back in earlier credit notes, and gives back now. */
  beforeMinor: number;
  creditedMinor: number;
}

/**
 * The tax in what an issuer gives back: the share that its sale bore. Taken from the sums, so that the notes of one sale together give
 * back its tax to the minor unit, and never more: what goes beyond the sale is goodwill, and bears none. Pure.
 */
export function creditedTaxOf({ soldMinor, soldTaxMinor, beforeMinor, creditedMinor }: Credit): number {
  const upTo = (amountMinor: number): number =>
    soldMinor === 0 ? 0 : Number((BigInt(Math.min(amountMinor, soldMinor)) * BigInt(soldTaxMinor)) / BigInt(soldMinor));
  return upTo(beforeMinor + creditedMinor) - upTo(beforeMinor);
}
