import { z } from 'zod';
import { idSchema } from '../../http/index.ts';

/** Part of the body of every way in. */
export const refreshTokenIn = z.enum(['body', 'cookie']).default('body').meta({
  description:
    '`cookie` puts the refresh token into an HttpOnly cookie instead of the body; `POST /auth/refresh` then needs no body. The device token comes as a cookie too.',
});

export const tokenFields = {
  accessToken: z.string().meta({ description: 'JWT for the Authorization header; 15 minutes.' }),
  refreshToken: z
    .string()
    .optional()
    .meta({ description: 'Opaque, 7 days from the log-in; can be sent once. Absent with `refreshTokenIn: "cookie"`.' }),
};

export const TOKENS_EXAMPLE = {
  accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0eXBlIjoiYWNjZXNzIn0.c2lnbmF0dXJl',
  refreshToken: 'k3vV1n0Qf2yq7mZt5cJ8xW4bR6sD9eLpA0hGuTiYoXE',
};

/** What every way in answers. `X-Device-Token` comes as a header: send it back with the next log-in. */
export const loggedInSchema = z
  .strictObject({ ...tokenFields, user: z.strictObject({ id: idSchema, email: z.email(), name: z.string() }) })
  .meta({
    id: 'LoggedIn',
    examples: [
      { ...TOKENS_EXAMPLE, user: { id: '65f0c0ffee0000000000abcd', email: 'asha@example.com', name: 'Asha Rao' } },
    ],
  });
