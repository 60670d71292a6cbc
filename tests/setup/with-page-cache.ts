/** For this test file public pages are kept, as they are in life. Import it before anything of `src`, which reads the environment once. */
process.env['PAGE_CACHE'] = 'true';
