import Bowser from 'bowser';

/** "Chrome on Android": for people who look for the session that is not theirs. Never a basis for a decision: anybody can send any. */
export function deviceNameOf(userAgent: string): string {
  // The library throws on an empty text.
  if (userAgent === '') return UNKNOWN;
  const { browser, os } = Bowser.parse(userAgent);
  return [browser.name, os.name].filter(Boolean).join(' on ') || UNKNOWN;
}

const UNKNOWN = 'Unknown device';
