/** Who bears what an order without food, or food that was not right, costs (domain.md section 4). */
export const LIABLE_PARTIES = ['customer', 'restaurant', 'courier', 'platform'] as const;
export type LiableParty = (typeof LIABLE_PARTIES)[number];
