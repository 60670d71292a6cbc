export const ROLES = ['customer', 'restaurant', 'courier', 'support', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Who is asking, as far as the verified token and the account say. Plain data: services take it. */
export interface Actor {
  userId: string;
  roles: readonly Role[];
  sessionId: string;
}
