/** For tests that ask every route a hundred times. Import it before anything of `src`: src/config reads the environment once. */
process.env['RATE_LIMITS'] = 'false';
