import { z } from 'zod';
import { defineRoute } from '../../../http/index.ts';
import { loggedInSchema, refreshTokenIn, TOKENS_EXAMPLE } from '../log-in-fields.ts';

const CHALLENGE_EXAMPLE = `65f0c0ffee0000000000abcd.${TOKENS_EXAMPLE.refreshToken}.${'0d'.repeat(32)}`;
const USER_EXAMPLE = { id: '65f0c0ffee0000000000abcd', email: 'asha@example.com', name: 'Asha Rao' };
const RECOVERY_CODES = ['7KQ2M-XW9CD', 'H4TNP-3VZRA'];

const code = z
  .string()
  .regex(/^\d{6}$/, 'must be six digits')
  .meta({ description: 'Of the authenticator app.', examples: ['492039'] });
const recoveryCode = z
  .string()
  .min(1)
  .max(40)
  .meta({ description: 'Each is good once; case, dashes and spaces do not count.', examples: ['7KQ2M-XW9CD'] });
const challenge = z.string().min(1).max(200).meta({ description: 'From the details of `mfa_required`.' });
const password = z.string().min(1).max(1000).optional().meta({ description: 'Needed where the account has one.' });

const proofFields = { code: code.optional(), recoveryCode: recoveryCode.optional() };

function isOneProof(body: { code?: string | undefined; recoveryCode?: string | undefined }): boolean {
  return (body.code === undefined) !== (body.recoveryCode === undefined);
}
const ONE_PROOF = 'must have either code or recoveryCode';

const setUpBody = z.strictObject({ password }).meta({ examples: [{ password: 'correct horse battery' }] });

const confirmBody = z.strictObject({ code, refreshTokenIn }).meta({ examples: [{ code: '492039' }] });

const disableBody = z
  .strictObject({ ...proofFields, password, refreshTokenIn })
  .refine(isOneProof, ONE_PROOF)
  .meta({ examples: [{ code: '492039', password: 'correct horse battery' }] });

const renewBody = z.strictObject({ code }).meta({ examples: [{ code: '492039' }] });

const verifyBody = z
  .strictObject({ challenge, ...proofFields, refreshTokenIn })
  .refine(isOneProof, ONE_PROOF)
  .meta({ examples: [{ challenge: CHALLENGE_EXAMPLE, code: '492039' }] });

const enrolBody = z.strictObject({ challenge }).meta({ examples: [{ challenge: CHALLENGE_EXAMPLE }] });

const newFactorSchema = z
  .strictObject({
    secret: z.string().meta({ description: 'Base32, to be typed into the app.' }),
    otpauthUri: z.string().meta({ description: 'The same for a QR code.' }),
  })
  .meta({
    id: 'NewSecondFactor',
    examples: [
      {
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        otpauthUri:
          'otpauth://totp/QuickBite:asha%40example.com?issuer=QuickBite&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
      },
    ],
  });

const recoveryCodes = z.array(z.string()).meta({ description: 'Ten codes, shown this once; each is good once.' });

const recoveryCodesSchema = z
  .strictObject({ recoveryCodes })
  .meta({ id: 'RecoveryCodes', examples: [{ recoveryCodes: RECOVERY_CODES }] });

const withCodesSchema = z.strictObject({ ...loggedInSchema.shape, recoveryCodes }).meta({
  id: 'LoggedInWithRecoveryCodes',
  examples: [{ ...TOKENS_EXAMPLE, user: USER_EXAMPLE, recoveryCodes: RECOVERY_CODES }],
});

const verifiedSchema = z
  .strictObject({ ...loggedInSchema.shape, recoveryCodes: recoveryCodes.optional() })
  .meta({ id: 'LoggedInWithSecondFactor', examples: [{ ...TOKENS_EXAMPLE, user: USER_EXAMPLE }] });

export const setUpSecondFactorRoute = defineRoute({
  method: 'post',
  path: '/auth/mfa/setup',
  operationId: 'setUpSecondFactor',
  tag: 'Second factor',
  summary: 'Begin to set up an authenticator app',
  description:
    'Guards nothing until `POST /auth/mfa/confirm`. Asking again shows a new secret, and the old one is forgotten.',
  auth: 'account.use',
  request: { body: setUpBody },
  responses: { 200: newFactorSchema },
  errors: ['password_wrong', 'log_in_again', 'email_not_verified', 'mfa_already_enabled'],
});

export const confirmSecondFactorRoute = defineRoute({
  method: 'post',
  path: '/auth/mfa/confirm',
  operationId: 'confirmSecondFactor',
  tag: 'Second factor',
  summary: 'Show the first code, and from then on log in with two factors',
  description: 'Ends every session of the account, which were opened with one; go on with the tokens of the answer.',
  auth: 'account.use',
  request: { body: confirmBody },
  responses: { 200: withCodesSchema },
  errors: ['mfa_code_invalid', 'mfa_not_enabled', 'mfa_already_enabled'],
});

export const disableSecondFactorRoute = defineRoute({
  method: 'post',
  path: '/auth/mfa/disable',
  operationId: 'disableSecondFactor',
  tag: 'Second factor',
  summary: 'Log in with one factor again',
  description: 'Ends every session of the account; go on with the tokens of the answer.',
  auth: 'account.use',
  request: { body: disableBody },
  responses: { 200: loggedInSchema },
  errors: ['mfa_code_invalid', 'password_wrong', 'mfa_not_enabled', 'mfa_mandatory'],
});

export const renewRecoveryCodesRoute = defineRoute({
  method: 'post',
  path: '/auth/mfa/recovery-codes',
  operationId: 'renewRecoveryCodes',
  tag: 'Second factor',
  summary: 'Ten new recovery codes; the old ones end',
  auth: 'account.use',
  request: { body: renewBody },
  responses: { 200: recoveryCodesSchema },
  errors: ['mfa_code_invalid', 'mfa_not_enabled'],
});

export const verifySecondFactorRoute = defineRoute({
  method: 'post',
  path: '/auth/mfa/verify',
  operationId: 'verifySecondFactor',
  tag: 'Second factor',
  summary: 'The second half of a log-in',
  description:
    'A challenge lives for five minutes and takes five tries; a code or recovery code is good once. After `POST /auth/mfa/enrol` the answer also holds the recovery codes.',
  auth: 'public',
  request: { body: verifyBody },
  responses: { 200: verifiedSchema },
  errors: ['mfa_challenge_invalid', 'mfa_code_invalid', 'mfa_not_enabled', 'mfa_already_enabled'],
});

export const enrolSecondFactorRoute = defineRoute({
  method: 'post',
  path: '/auth/mfa/enrol',
  operationId: 'enrolSecondFactor',
  tag: 'Second factor',
  summary: 'Set up the second factor that the role needs, in the middle of the log-in',
  description:
    'For a challenge with `mustEnrol`; then `POST /auth/mfa/verify` with the first code. An e-mail that was never proven is proven by resetting the password first.',
  auth: 'public',
  request: { body: enrolBody },
  responses: { 200: newFactorSchema },
  errors: ['mfa_challenge_invalid', 'email_not_verified', 'mfa_already_enabled'],
});

export const secondFactorContracts = [
  setUpSecondFactorRoute,
  confirmSecondFactorRoute,
  disableSecondFactorRoute,
  renewRecoveryCodesRoute,
  verifySecondFactorRoute,
  enrolSecondFactorRoute,
];
