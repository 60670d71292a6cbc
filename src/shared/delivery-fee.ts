/** One row of a fee table. Distances by road (`routeMeters`), amounts in minor units. */
export interface FeeBand {
  upToMeters: number;
  /** Subtotal of the items from which on this row holds; absent: from nothing on. */
  fromSubtotalMinor?: number | undefined;
  feeMinor: number;
}

export interface FeeTable {
  bands: readonly FeeBand[];
  /** At or above this subtotal of the items delivery is free; null: never. */
  freeDeliveryOverMinor: number | null;
}

/** Zero from the free-delivery threshold on, else what the way costs. */
export function deliveryFeeOf(feeTable: FeeTable, distanceMeters: number, subtotalMinor: number): number {
  return isFreeOver(feeTable, subtotalMinor) ? 0 : wayFeeOf(feeTable, distanceMeters, subtotalMinor);
}

/** What the free-delivery threshold lets go of: the courier's all the same. */
export function freeWayOf(feeTable: FeeTable, distanceMeters: number, subtotalMinor: number): number {
  return isFreeOver(feeTable, subtotalMinor) ? wayFeeOf(feeTable, distanceMeters, subtotalMinor) : 0;
}

function isFreeOver({ freeDeliveryOverMinor }: FeeTable, subtotalMinor: number): boolean {
  return freeDeliveryOverMinor !== null && subtotalMinor >= freeDeliveryOverMinor;
}

/** The fee of the row that holds for this distance and subtotal. */
function wayFeeOf(feeTable: FeeTable, distanceMeters: number, subtotalMinor: number): number {
  const rows = feeBandsAt(feeTable, distanceMeters);
  const row = rows.findLast(({ fromSubtotalMinor = 0 }) => fromSubtotalMinor <= subtotalMinor) ?? rows[0];
  return row?.feeMinor ?? 0;
}

/**
 * The rows of the nearest limit that reaches the distance, by subtotal. Beyond the last limit its rows apply: whether somebody
 * delivers there at all was asked before, and roads are longer than the radius.
 */
export function feeBandsAt({ bands }: FeeTable, distanceMeters: number): FeeBand[] {
  const limits = bands.map(({ upToMeters }) => upToMeters);
  const reaching = limits.filter((upToMeters) => upToMeters >= distanceMeters);
  const limit = reaching.length === 0 ? Math.max(...limits) : Math.min(...reaching);
  return bands
    .filter(({ upToMeters }) => upToMeters === limit)
    .sort((a, b) => (a.fromSubtotalMinor ?? 0) - (b.fromSubtotalMinor ?? 0));
}
