/** The image cloud is given up after a second. Import it before anything of `src`: src/config reads the environment once. */
process.env['CLOUDINARY_TIMEOUT_SECONDS'] = '1';
