let known: Promise<ReadonlySet<string>> | null = null;

/**
 * Whether the password is on the list of 49,000 that people choose most (ASVS 6.2.4 asks for 3000), in whatever case. The list is
 * read at the first question, not at the start: that takes some 25 ms once, and 9 MB.
 */
export async function isCommonPassword(password: string): Promise<boolean> {
  known ??= loadCommonPasswords();
  return (await known).has(password.toLowerCase());
}

async function loadCommonPasswords(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  // The shorter ones are refused for their length.
  return new Set(dictionary['passwords-common'].filter((word) => word.length >= 8));
}
