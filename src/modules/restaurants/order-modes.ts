/** How an order leaves the kitchen. */
export const ORDER_MODES = ['delivery', 'collection'] as const;
