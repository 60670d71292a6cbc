/** Few uploads in a day. Import it before anything of `src`: src/config reads the environment once. */
process.env['UPLOADS_PER_DAY'] = '5';
