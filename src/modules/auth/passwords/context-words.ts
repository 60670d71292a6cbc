/** Who the password is for. */
export interface PasswordOwner {
  email: string;
  name: string;
}

const OURS = 'quickbite';
const SHORTEST_WORD = 3;

/**
 * Whether the password is no more than the owner's e-mail, its first part, a name, or ours, with digits and signs around it
 * (ASVS 6.2.11: words of the context).
 */
export function isContextWord(password: string, { email, name }: PasswordOwner): boolean {
  const [localPart = ''] = email.split('@');
  const words = [OURS, email, localPart, name, ...name.split(/\s+/)].map(lettersAndDigitsOf);
  const guessable = new Set(words.flatMap((word) => [word, withoutOuterDigits(word)]));
  const bare = lettersAndDigitsOf(password);
  return [bare, withoutOuterDigits(bare)].some((core) => core.length >= SHORTEST_WORD && guessable.has(core));
}

function lettersAndDigitsOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}

function withoutOuterDigits(text: string): string {
  return text.replace(/^\p{N}+|\p{N}+$/gu, '');
}
