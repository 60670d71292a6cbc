import { textsByLanguage, type Texts } from './texts.ts';

/** How a place writes: its words, numbers, dates. */
export interface Style {
  language: string;
  texts: Texts;
  /** What the state calls its tax there. */
  taxName: string;
  money: (amountMinor: number) => string;
  percent: (basisPoints: number) => string;
  date: (at: Date) => string;
  time: (at: Date) => string;
}

interface Place {
  locale: string;
  texts: keyof typeof textsByLanguage;
  taxName: string;
}

/** By time zone, which every order keeps a copy of; anywhere else English without a name for the tax. */
const PLACES: Readonly<Record<string, Place>> = {
  'Asia/Kolkata': { locale: 'en-IN', texts: 'en', taxName: 'GST' },
  'Europe/Paris': { locale: 'fr-FR', texts: 'fr', taxName: 'TVA' },
};
const ELSEWHERE: Place = { locale: 'en-GB', texts: 'en', taxName: 'Tax' };

export function styleOf({ timeZone, currency }: { timeZone: string; currency: string }): Style {
  const { locale, texts, taxName } = PLACES[timeZone] ?? ELSEWHERE;
  const amounts = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  // ISO 4217: none for the yen, three for the dinar.
  const digits = amounts.resolvedOptions().maximumFractionDigits ?? 0;
  const rates = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const dates = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'long' });
  const times = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' });
  return {
    ...{ language: locale, texts: textsByLanguage[texts], taxName },
    // Minus zero would be printed with its sign.
    money: (amountMinor) => amounts.format(amountMinor === 0 ? 0 : amountMinor / 10 ** digits),
    percent: (basisPoints) => rates.format(basisPoints / 10_000),
    date: (at) => dates.format(at),
    time: (at) => times.format(at),
  };
}
