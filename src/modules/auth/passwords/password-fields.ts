import { z } from 'zod';
import { isBeyondBcrypt, PASSWORD_MIN_LENGTH } from './password-rules.ts';

/** Taken as sent: no trimming, no normalising (ASVS 6.2.8). What is easy to guess is refused later, with a code of its own. */
export const newPasswordSchema = z
  .string()
  .min(PASSWORD_MIN_LENGTH)
  .refine((password) => !isBeyondBcrypt(password), 'must not be longer than 72 bytes in UTF-8')
  .meta({
    description: '8 characters to 72 bytes, any characters; common ones are refused.',
    examples: ['correct horse battery'],
  });

/** For what asks for more than a token: see `assertIsPresent`. */
export const presencePassword = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .meta({ description: 'Of an account that has one.', examples: ['correct horse battery'] });

/** The rules for new passwords do not apply: one that no account can have is simply wrong. */
export const presentPasswordSchema = z
  .string()
  .min(1)
  .max(1000)
  .meta({ examples: ['correct horse battery'] });
