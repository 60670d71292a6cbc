import { z } from 'zod';

export const mailFaultsSchema = z.strictObject({
  /** The next N recipients are refused with `refuseCode`: 450 is "later", 550 "never". */
  refuse: z.number().int().min(0).max(10_000).default(0),
  refuseCode: z.union([z.literal(450), z.literal(550)]).default(450),
  /** Every mail is accepted this much later. */
  delayMs: z.number().int().min(0).max(600_000).default(0),
  /** The next N mails are kept, but the connection breaks before the sender hears 250. */
  loseAnswers: z.number().int().min(0).max(10_000).default(0),
  /** Only for this recipient. */
  to: z.string().optional(),
});

export type MailFaults = z.infer<typeof mailFaultsSchema>;
export type MailFaultsInput = z.input<typeof mailFaultsSchema>;

export function noMailFaults(): MailFaults {
  return mailFaultsSchema.parse({});
}

export function concerns({ to }: MailFaults, recipients: readonly string[]): boolean {
  return to === undefined || recipients.some((address) => address.toLowerCase() === to.toLowerCase());
}
