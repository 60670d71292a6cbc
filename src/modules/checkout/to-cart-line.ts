import type { OrderItem } from '../orders/index.ts';

/** What was ordered, as a cart asks for it: so that it is judged and priced by the same rules. */
export function toCartLine({ lineId: id, itemId, quantity, size, options, note }: OrderItem) {
  const optionIds = options.map(({ optionId }) => optionId);
  const chosen = { ...(size && { sizeId: size.sizeId }), ...(note !== undefined && { note }) };
  return { id, itemId, quantity, optionIds, ...chosen };
}
