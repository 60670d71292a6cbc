import { z } from 'zod';

/** Somebody with an account at the provider. */
export const personSchema = z.strictObject({
  /** The provider's own name for the account, which never changes: digits at both of them. */
  sub: z.string().regex(/^[1-9]\d{0,20}$/),
  /** null: the provider tells none. */
  email: z.email().nullable(),
  emailVerified: z.boolean().default(true),
  /** null: the person has told none. */
  name: z.string().min(1).nullable().default(null),
});

export type Person = z.infer<typeof personSchema>;
export type PersonInput = z.input<typeof personSchema>;

/** Whom the consent page offers. */
export const PEOPLE: readonly Person[] = [
  { sub: '100000000000000000001', email: 'asha@example.com', emailVerified: true, name: 'Asha Rao' },
  { sub: '100000000000000000002', email: 'ravi@example.com', emailVerified: true, name: 'Ravi Menon' },
  { sub: '100000000000000000003', email: 'unproven@example.com', emailVerified: false, name: 'Nobody Proven' },
];
