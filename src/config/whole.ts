import { z } from 'zod';

/** A whole number that arrives as text. */
export const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
