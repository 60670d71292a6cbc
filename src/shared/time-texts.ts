/** 24 hours, and the month by its name: no reader takes it for the day. */
const LOCALES = { en: 'en-GB', fr: 'fr-FR' } as const;

/** Times of a place as mails and documents write them, in one form per language. */
interface TimeTexts {
  /** `22 Nov 2026`, `22 nov. 2026`. */
  date: (at: Date) => string;
  /** `08:11`. */
  time: (at: Date) => string;
  /** `22 Nov 2026, 08:11`. */
  dateTime: (at: Date) => string;
  /** `22 Nov 2026, 08:11–08:41`. */
  range: (from: Date, to: Date) => string;
}

export function timeTextsOf(timeZone: string, language: keyof typeof LOCALES = 'en'): TimeTexts {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(LOCALES[language], { timeZone, ...options });
  const dateTimes = () => format({ dateStyle: 'medium', timeStyle: 'short' });
  return {
    date: (at) => format({ dateStyle: 'medium' }).format(at),
    time: (at) => format({ timeStyle: 'short' }).format(at),
    dateTime: (at) => dateTimes().format(at),
    range: (from, to) => dateTimes().formatRange(from, to),
  };
}
