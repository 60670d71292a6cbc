/** As in production: support and admins need a second factor. Import it before anything of `src`: src/config reads it once. */
process.env['MFA_REQUIRED'] = 'true';
