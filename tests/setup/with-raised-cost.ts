/** One above that of the factories' hashes. Import it before anything of `src`: src/config reads the environment once. */
process.env['BCRYPT_COST'] = '5';
